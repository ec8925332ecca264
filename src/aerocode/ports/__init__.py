"""What the rooms ask of each other: small async Protocols over the values of `model`.

May import `model` and what is below it. Read `deciding.py` first.
"""

from aerocode.ports.deciding import Budgets
from aerocode.ports.deciding import Messages
from aerocode.ports.deciding import Verifications
from aerocode.ports.keeping import Applications
from aerocode.ports.keeping import Connectors
from aerocode.ports.keeping import LimitsChange
from aerocode.ports.keeping import ListEntries
from aerocode.ports.keeping import Reader
from aerocode.ports.keeping import Rules
from aerocode.ports.keeping import Settings
from aerocode.ports.keeping import TestNumbers
from aerocode.ports.keeping import Wanted
from aerocode.ports.running import Clock
from aerocode.ports.running import Delivery
from aerocode.ports.running import Health
from aerocode.ports.running import Housekeeping
from aerocode.ports.running import Line
from aerocode.ports.running import Meter
from aerocode.ports.running import Order

__all__ = [
    "Applications",
    "Budgets",
    "Clock",
    "Connectors",
    "Delivery",
    "Health",
    "Housekeeping",
    "LimitsChange",
    "Line",
    "ListEntries",
    "Messages",
    "Meter",
    "Order",
    "Reader",
    "Rules",
    "Settings",
    "TestNumbers",
    "Verifications",
    "Wanted",
]
