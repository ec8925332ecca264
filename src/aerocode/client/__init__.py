"""A typed client of Aerocode's own API. Imports nothing of ours. Read `client.py` first."""

from aerocode.client.client import Aerocode
from aerocode.client.client import Message
from aerocode.client.client import Refused
from aerocode.client.client import Unreachable
from aerocode.client.client import Verification

__all__ = ["Aerocode", "Message", "Refused", "Unreachable", "Verification"]
