"""One tree of refusals. The class name is the refusal, its docstring the sentence people read, `code` is stable.

Nothing here knows HTTP: the faces keep their own table from class to status. A message is always safe to show to a
stranger; what only the operator may know travels as the cause and in the log. Read `tree.py` first.
"""

from aerocode.errors.connecting import AddressNotAllowed
from aerocode.errors.connecting import ConnectorError
from aerocode.errors.connecting import DailyBudgetSpent
from aerocode.errors.connecting import GateRateLimited
from aerocode.errors.connecting import GateRefused
from aerocode.errors.connecting import GateSilent
from aerocode.errors.connecting import GateUnreachable
from aerocode.errors.connecting import GateUnreadable
from aerocode.errors.connecting import InvalidConfig
from aerocode.errors.connecting import InvalidRecipient
from aerocode.errors.connecting import InvalidSender
from aerocode.errors.connecting import MetadataFixed
from aerocode.errors.connecting import NoConnector
from aerocode.errors.connecting import NotEnoughMoney
from aerocode.errors.connecting import ProfileSyncUnsupported
from aerocode.errors.connecting import TemplateNotFound
from aerocode.errors.connecting import TokenStorageUnsupported
from aerocode.errors.connecting import UnknownFactory
from aerocode.errors.connecting import UnknownTestFactory
from aerocode.errors.connecting import WrongConnectorType
from aerocode.errors.connecting import WrongCredentials
from aerocode.errors.connecting import refusal
from aerocode.errors.signing_in import CodeRequired
from aerocode.errors.signing_in import ConnectorInUse
from aerocode.errors.signing_in import ExpiryNeedsRecovery
from aerocode.errors.signing_in import FactorRequired
from aerocode.errors.signing_in import IdentifiersMissing
from aerocode.errors.signing_in import IdentifiersRepeated
from aerocode.errors.signing_in import NoConnectorFor
from aerocode.errors.signing_in import PasswordRequired
from aerocode.errors.signing_in import PhoneCodeTakenByMfa
from aerocode.errors.signing_in import PhoneCodeTakenBySignIn
from aerocode.errors.signing_in import RecoveryNeedsConnector
from aerocode.errors.signing_in import SignInRefused
from aerocode.errors.signing_in import VerifyRequired
from aerocode.errors.tree import AerocodeError
from aerocode.errors.tree import BodyTooLarge
from aerocode.errors.tree import CannotDecrypt
from aerocode.errors.tree import CannotStart
from aerocode.errors.tree import EntityExists
from aerocode.errors.tree import EntityInvalid
from aerocode.errors.tree import EntityNotFound
from aerocode.errors.tree import Fault
from aerocode.errors.tree import Forbidden
from aerocode.errors.tree import InUse
from aerocode.errors.tree import InvalidInput
from aerocode.errors.tree import MethodNotAllowed
from aerocode.errors.tree import MissingAuthorization
from aerocode.errors.tree import StoreUnavailable
from aerocode.errors.tree import Unauthorized
from aerocode.errors.tree import Unavailable
from aerocode.errors.tree import UnknownRoute
from aerocode.errors.tree import UnsupportedAuthorization
from aerocode.errors.verifying import AttemptsExhausted
from aerocode.errors.verifying import CodeExpired
from aerocode.errors.verifying import CodeMismatch
from aerocode.errors.verifying import GuessesSpent
from aerocode.errors.verifying import InvalidPhone
from aerocode.errors.verifying import PhoneNotAllowed
from aerocode.errors.verifying import RequestInProgress
from aerocode.errors.verifying import RequestUnlike
from aerocode.errors.verifying import SendTooSoon
from aerocode.errors.verifying import VerificationNotFound
from aerocode.errors.verifying import VerificationOver

__all__ = [
    "AddressNotAllowed",
    "AerocodeError",
    "AttemptsExhausted",
    "BodyTooLarge",
    "CannotDecrypt",
    "CannotStart",
    "CodeExpired",
    "CodeMismatch",
    "CodeRequired",
    "ConnectorError",
    "ConnectorInUse",
    "DailyBudgetSpent",
    "EntityExists",
    "EntityInvalid",
    "EntityNotFound",
    "ExpiryNeedsRecovery",
    "FactorRequired",
    "Fault",
    "Forbidden",
    "GateRateLimited",
    "GateRefused",
    "GateSilent",
    "GateUnreachable",
    "GateUnreadable",
    "GuessesSpent",
    "IdentifiersMissing",
    "IdentifiersRepeated",
    "InUse",
    "InvalidConfig",
    "InvalidInput",
    "InvalidPhone",
    "InvalidRecipient",
    "InvalidSender",
    "MetadataFixed",
    "MethodNotAllowed",
    "MissingAuthorization",
    "NoConnector",
    "NoConnectorFor",
    "NotEnoughMoney",
    "PasswordRequired",
    "PhoneCodeTakenByMfa",
    "PhoneCodeTakenBySignIn",
    "PhoneNotAllowed",
    "ProfileSyncUnsupported",
    "RecoveryNeedsConnector",
    "RequestInProgress",
    "RequestUnlike",
    "SendTooSoon",
    "SignInRefused",
    "StoreUnavailable",
    "TemplateNotFound",
    "TokenStorageUnsupported",
    "Unauthorized",
    "Unavailable",
    "UnknownFactory",
    "UnknownRoute",
    "UnknownTestFactory",
    "UnsupportedAuthorization",
    "VerificationNotFound",
    "VerificationOver",
    "VerifyRequired",
    "WrongConnectorType",
    "WrongCredentials",
    "refusal",
]
