"""What the sign-in settings may say: the checks Logto makes of the phone parts, in its order."""

from collections.abc import Set as AbstractSet

from aerocode import errors
from aerocode.model.sign_in import Factor
from aerocode.model.sign_in import Identifier
from aerocode.model.sign_in import Recovery
from aerocode.model.sign_in import SignIn
from aerocode.model.sign_in import SignUp

_SENT_TO = frozenset({Identifier.EMAIL, Identifier.PHONE, Identifier.EMAIL_OR_PHONE})
_EITHER = frozenset({Identifier.EMAIL, Identifier.PHONE})


def admit(new: SignIn, named: AbstractSet[str], *, with_sms: bool) -> SignIn:
    """The settings as they are, if they may be so. `named` are the fields of `SignIn` that the change names.

    Raises a SignInRefused. There is no e-mail connector, so whatever needs one is refused.
    """
    if "sign_up" in named:
        _sign_up(new.sign_up, with_sms=with_sms)
    if "methods" in named:
        _methods(new, with_sms=with_sms)
    if "factors" in named and Factor.PHONE_CODE in new.factors and new.by_phone_code:
        raise errors.PhoneCodeTakenBySignIn
    if "recovery" in named:
        _recovery(new, with_sms=with_sms)
    if new.password_days is not None and not new.recovers_by_phone(with_sms=with_sms):
        raise errors.ExpiryNeedsRecovery
    return new


def let_go(sign_in: SignIn, *, forced: bool) -> None:
    """Whether the SMS connector may be removed. Nothing forces what would lock people out for good."""
    if sign_in.password_days is not None and sign_in.recovers_by_phone(with_sms=True):
        raise errors.ExpiryNeedsRecovery
    uses = sign_in.phone_uses()
    if uses and not forced:
        raise errors.ConnectorInUse(uses)


def _sign_up(sign_up: SignUp, *, with_sms: bool) -> None:
    first = sign_up.identifiers
    further = [one.identifier for one in sign_up.secondary]
    if _repeated([*first, *further]):
        raise errors.IdentifiersRepeated
    if further and not first:
        raise errors.IdentifiersMissing
    if Identifier.USERNAME in first and not sign_up.password:
        raise errors.PasswordRequired
    for identifier, verify in (
        *((one, sign_up.verify) for one in first),
        *((one.identifier, one.verify) for one in sign_up.secondary),
    ):
        _reachable(identifier, with_sms=with_sms)
        if identifier in _SENT_TO and not verify:
            raise errors.VerifyRequired


def _repeated(identifiers: list[Identifier]) -> bool:
    """Twice the same, or one of the two that `emailOrPhone` stands for beside it."""
    either = Identifier.EMAIL_OR_PHONE in identifiers and not _EITHER.isdisjoint(identifiers)
    return either or len(set(identifiers)) < len(identifiers)


def _reachable(identifier: Identifier, *, with_sms: bool) -> None:
    if identifier in (Identifier.EMAIL, Identifier.EMAIL_OR_PHONE):
        raise errors.NoConnectorFor("Sms" if identifier is not Identifier.EMAIL and not with_sms else "Email")
    if identifier is Identifier.PHONE and not with_sms:
        raise errors.NoConnectorFor("Sms")


def _methods(new: SignIn, *, with_sms: bool) -> None:
    for method in new.methods:
        if method.verification_code:
            _reachable(method.identifier, with_sms=with_sms)
    if not all(method.password or method.verification_code for method in new.methods):
        raise errors.FactorRequired
    if new.sign_up.verify and not new.sign_up.password:
        for method in new.methods:
            if method.identifier is not Identifier.USERNAME and not method.verification_code:
                raise errors.CodeRequired
    if Factor.PHONE_CODE in new.factors and new.by_phone_code:
        raise errors.PhoneCodeTakenByMfa


def _recovery(new: SignIn, *, with_sms: bool) -> None:
    ways = new.recovery or ()
    if Recovery.EMAIL in ways:
        raise errors.RecoveryNeedsConnector("email")
    if Recovery.PHONE in ways and not with_sms:
        raise errors.RecoveryNeedsConnector("sms")
