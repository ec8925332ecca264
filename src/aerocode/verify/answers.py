"""What is told for a decision that is not a success, and for a message that was not marked."""

from aerocode import errors
from aerocode.model.decision import Barred
from aerocode.model.decision import Blocked
from aerocode.model.decision import Ended
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Repeated
from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Unanswered
from aerocode.model.decision import Unlike
from aerocode.model.decision import Where
from aerocode.model.message import Message
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject

Refusing = Barred | TooSoon | Blocked | Spent | Unanswered | Unlike


def unmarked(issued: Issued) -> Message:
    verification = issued.verification
    return Message(
        id=issued.message_id,
        application=verification.application,
        verification=verification.id,
        phone=verification.phone,
        usage_type=verification.usage_type,
        status=MessageStatus.UNKNOWN,
        reason="not_marked",
        created_at=issued.now,
        updated_at=issued.now,
    )


def named(where: Where) -> str:
    return f"phone {where.phone}" if isinstance(where, Subject) else f"verification {where.verification_id}"


def told_again(answer: Repeated) -> Message:
    message = answer.message
    if message.status is MessageStatus.FAILED:
        raise errors.refusal(message.reason, answer.wait).about(message.id)
    return message


def refused(decided: Refusing) -> errors.AerocodeError:
    match decided:
        case TooSoon(resend_at=until, now=now, verification_id=pending, limit=limit):
            return errors.SendTooSoon(resend_at=until, now=now, verification_id=pending, limit=limit)
        case Barred(reason=reason):
            return errors.PhoneNotAllowed(reason)
        case Blocked(until=until, now=now):
            return errors.GuessesSpent(until=until, now=now)
        case Spent(until=until, now=now):
            return errors.DailyBudgetSpent(until=until, now=now)
        case Unanswered():
            return errors.RequestInProgress()
        case Unlike():
            return errors.RequestUnlike()


def limit_of(decided: Refusing) -> str:
    """What refused, by the name that it has in the limits; for counters and the log."""
    match decided:
        case TooSoon(limit=limit):
            return limit or "ladder"
        case Barred(reason=reason):
            return reason
        case Blocked():
            return "guesses"
        case Spent():
            return "daily_budget"
        case Unanswered():
            return "in_progress"
        case Unlike():
            return "key_reused"


def over(answer: Blocked | Missing | Ended) -> errors.AerocodeError:
    if isinstance(answer, Blocked):
        return refused(answer)
    if isinstance(answer, Missing):
        return errors.VerificationNotFound()
    if answer.status is VerificationStatus.EXPIRED:
        return errors.CodeExpired()
    if answer.status is VerificationStatus.MAX_ATTEMPTS_REACHED:
        return errors.AttemptsExhausted()
    return errors.VerificationOver(answer.status)
