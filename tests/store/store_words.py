"""What the store's suites say again and again: who asks, for which phone, with which code."""

from datetime import timedelta

from aerocode.crypto import Keyring
from aerocode.crypto import new_id
from aerocode.model.audit import By
from aerocode.model.decision import ById
from aerocode.model.decision import Issue
from aerocode.model.decision import Issued
from aerocode.model.decision import Resend
from aerocode.model.decision import SealedCode
from aerocode.model.decision import Seals
from aerocode.model.decision import Where
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Spared
from aerocode.model.message import Unknown
from aerocode.model.policy import Cap
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.verify.codes import Codes

BY = By(actor="a test")
KEYRING = Keyring(b"the key of these tests, 32 bytes")
CODES = Codes(KEYRING)

PHONE = Phone("+79123456789")
OTHER_PHONE = Phone("+79001112233")
RIGHT = "046813"
WRONG = "975310"

POLICY = Policy()
#: Caps have suites of their own; elsewhere a phone may be sent to as often as the ladder lets it.
NO_CAPS = {"phone_hour": Cap(None), "phone_day": Cap(None), "block_hour": Cap(None)}
LIMITS = Limits(**NO_CAPS)
#: For what is not about the ladder.
NO_LADDER = Limits(ladder=(), **NO_CAPS)

ACCEPTED = Accepted(gate_id="31415", status=MessageStatus.QUEUED)
REFUSED = Refused(reason="connector.refused", detail="no")
SPARED = Spared()
UNKNOWN = Unknown(reason="connector.unknown_outcome", detail="timeout")


def only(**limits: object) -> Limits:
    """Nothing but these limits holds."""
    return Limits(**{"ladder": (), "sends_per_verification": 1000, **NO_CAPS, "ip_hour": Cap(None), **limits})


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def subject(
    *,
    application: str = "default",
    phone: Phone = PHONE,
    usage_type: UsageType = UsageType.GENERIC,
    session: str = "",
) -> Subject:
    return Subject(application, phone, usage_type, session)


def sealed(of: Subject, verification_id: str, code: str = RIGHT, codes: Codes = CODES) -> SealedCode:
    return codes._rest(of, verification_id, code)


def an_issue(
    of: Subject | None = None,
    *,
    code: str = RIGHT,
    policy: Policy = POLICY,
    limits: Limits = LIMITS,
    codes: Codes = CODES,
    **more: object,
) -> Issue:
    of = of or subject()
    verification_id = new_id()
    return Issue(
        subject=of,
        verification_id=verification_id,
        message_id=new_id(),
        code=sealed(of, verification_id, code, codes),
        policy=policy,
        limits=limits,
        **more,
    )


def a_resend(where: Where, *, policy: Policy = POLICY, limits: Limits = LIMITS, **more: object) -> Resend:
    return Resend(where=where, message_id=new_id(), policy=policy, limits=limits, **more)


def by_id(issued: Issued) -> ById:
    return ById(issued.verification.application, issued.verification.id, issued.verification.session)


def typed(code: str, codes: Codes = CODES) -> Seals:
    return lambda of, verification_id: codes.seals(of, verification_id, code)


async def mark(store, message_id: str, outcome: Outcome) -> Message:
    """The message with its timeline, after its outcome was written down."""
    await store.verifications.mark(message_id, outcome)
    return await store.reader.message("default", message_id)


async def begin(store, of: Subject | None = None, **more: object) -> Issued:
    """A start that must succeed, because the test is about what comes after."""
    answer = await store.verifications.issue(an_issue(of, **more))
    assert isinstance(answer, Issued)
    return answer
