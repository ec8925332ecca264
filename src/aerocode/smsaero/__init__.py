"""SMS Aero's HTTP API v2: a typed client that stands alone, to be awaited or blocking.

What lives here: the provider's words (`model`), its refusals (`errors`), its protocol without a network (`wire`,
`endpoints`, `decode`, `paging`, `callbacks`, `http1`), the order of gates and the failover (`gates`, `failover`), the
two networks (`transport`; `sync_transport`, `sync_pool`), and the clients (`methods`, `client`).
May import: the standard library, aiohttp and httptools; nothing of ours. Read first: `wire.py`, then `methods.py`.
"""

from aerocode.smsaero import endpoints
from aerocode.smsaero.callbacks import Callback
from aerocode.smsaero.callbacks import read_callback
from aerocode.smsaero.client import SmsAero
from aerocode.smsaero.client import SyncSmsAero
from aerocode.smsaero.endpoints.account import Balance
from aerocode.smsaero.endpoints.account import Card
from aerocode.smsaero.endpoints.account import Charge
from aerocode.smsaero.endpoints.account import Tariff
from aerocode.smsaero.endpoints.calls import PhoneCall
from aerocode.smsaero.endpoints.mobile_id import MobileId
from aerocode.smsaero.endpoints.numbers import HlrCheck
from aerocode.smsaero.endpoints.numbers import NumberOperator
from aerocode.smsaero.endpoints.people import Blacklisted
from aerocode.smsaero.endpoints.people import Contact
from aerocode.smsaero.endpoints.people import Group
from aerocode.smsaero.endpoints.people import Person
from aerocode.smsaero.endpoints.signs import Sign
from aerocode.smsaero.endpoints.signs import SignOperator
from aerocode.smsaero.endpoints.sms import SentSms
from aerocode.smsaero.endpoints.sms import SmsOptions
from aerocode.smsaero.endpoints.telegram import TelegramCode
from aerocode.smsaero.endpoints.viber import ViberButton
from aerocode.smsaero.endpoints.viber import ViberCascade
from aerocode.smsaero.endpoints.viber import ViberMailing
from aerocode.smsaero.endpoints.viber import ViberRecipient
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
from aerocode.smsaero.model import CallStatus
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.model import HlrStatus
from aerocode.smsaero.model import Many
from aerocode.smsaero.model import MobileIdStatus
from aerocode.smsaero.model import Operator
from aerocode.smsaero.model import Page
from aerocode.smsaero.model import SignStatus
from aerocode.smsaero.model import SmsStatus
from aerocode.smsaero.model import TelegramStatus
from aerocode.smsaero.model import ViberRecipientStatus
from aerocode.smsaero.model import ViberStatus
from aerocode.smsaero.paging import on_page
from aerocode.smsaero.sync_transport import SyncTransport
from aerocode.smsaero.transport import Transport
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import read_reply

__all__ = [
    "GATES",
    "Balance",
    "Blacklisted",
    "CallStatus",
    "Callback",
    "Card",
    "Charge",
    "Contact",
    "Credentials",
    "Group",
    "HlrCheck",
    "HlrStatus",
    "InvalidField",
    "IpNotAllowed",
    "Many",
    "MobileId",
    "MobileIdStatus",
    "NotEnoughMoney",
    "NumberOperator",
    "Operator",
    "Page",
    "Person",
    "PhoneCall",
    "ProviderFault",
    "RateLimited",
    "Refused",
    "Rejected",
    "Reply",
    "Request",
    "SentSms",
    "Sign",
    "SignOperator",
    "SignStatus",
    "SmsAero",
    "SmsAeroError",
    "SmsOptions",
    "SmsStatus",
    "SyncSmsAero",
    "SyncTransport",
    "Tariff",
    "TelegramCode",
    "TelegramStatus",
    "Transport",
    "Uncertain",
    "Undecodable",
    "Unreachable",
    "Unsettled",
    "ViberButton",
    "ViberCascade",
    "ViberMailing",
    "ViberRecipient",
    "ViberRecipientStatus",
    "ViberStatus",
    "WrongCredentials",
    "endpoints",
    "gate",
    "on_page",
    "read_callback",
    "read_reply",
]
