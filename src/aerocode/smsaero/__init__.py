"""SMS Aero's HTTP API v2: a typed client that stands alone.

What lives here: the provider's words (`model`), its refusals (`errors`), its protocol without a network (`wire`,
`endpoints`, `decode`), the network (`connection`, `pool`, `gates`, `transport`) and the client (`client`).
May import: the standard library, httptools, aiohappyeyeballs; nothing of ours. Read first: `wire.py`, `transport.py`.
"""

from aerocode.smsaero.client import SmsAero
from aerocode.smsaero.errors import InvalidField
from aerocode.smsaero.errors import IpNotAllowed
from aerocode.smsaero.errors import NotEnoughMoney
from aerocode.smsaero.errors import ProviderFault
from aerocode.smsaero.errors import RateLimited
from aerocode.smsaero.errors import Refused
from aerocode.smsaero.errors import Rejected
from aerocode.smsaero.errors import SmsAeroError
from aerocode.smsaero.errors import Uncertain
from aerocode.smsaero.errors import Undecodable
from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.errors import WrongCredentials
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.gates import gate
from aerocode.smsaero.model import Balance
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.model import SentSms
from aerocode.smsaero.model import SmsStatus
from aerocode.smsaero.transport import Transport
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import read_reply

__all__ = [
    "GATES",
    "Balance",
    "Credentials",
    "InvalidField",
    "IpNotAllowed",
    "NotEnoughMoney",
    "ProviderFault",
    "RateLimited",
    "Refused",
    "Rejected",
    "Reply",
    "Request",
    "SentSms",
    "SmsAero",
    "SmsAeroError",
    "SmsStatus",
    "Transport",
    "Uncertain",
    "Undecodable",
    "Unreachable",
    "Unsettled",
    "WrongCredentials",
    "gate",
    "read_reply",
]
