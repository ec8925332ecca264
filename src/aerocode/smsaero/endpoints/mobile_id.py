"""Mobile ID through the gate: the operator asks the phone's owner to confirm.

The widget's back end (midsdk.smsaero.ru) is another host with another way to sign requests and is not part of this.
"""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.model import MobileIdStatus
from aerocode.smsaero.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class MobileId:
    """A session, which lasts about two minutes. The repr holds neither number nor code."""

    id: int
    number: str = field(repr=False)
    auth_type: str
    """`SIM-PUSH`, or `SMS` when the operator can't push."""
    sms_code: str = field(repr=False)
    status: MobileIdStatus | None
    cost: Decimal | None
    """Roubles."""
    created_at: datetime | None
    sent_at: datetime | None

    @property
    def verified(self) -> bool:
        """Whether the owner of the phone has confirmed. Look at nothing else: 2 means that it failed."""
        return self.status is MobileIdStatus.SUCCESS


def mobile_id_send(*, number: str, sign: str, callback_url: str | None = None) -> Request[MobileId]:
    """Begin a session. `sign` is a name approved for Mobile ID, separately from those for SMS.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return Request(
        path="mobile-id/send",
        body={"number": asked.digits(number), **asked.filled(sign=sign), **asked.callback(callback_url)},
        read=answered.to(number, _read_session),
        repeatable=False,
        secrets=(number,),
        subject=asked.subject([number]),
    )


def mobile_id_status(id: int) -> Request[MobileId]:  # noqa: A002 - the provider's word
    """Where a session is. `id` is that of a `MobileId`."""
    read = answered.about(id, _read_session)
    return Request(path="mobile-id/status", body=asked.ids(id=id), read=read, repeatable=True, subject=f"id {id}")


def mobile_id_verify(*, id: int, code: str, sign: str) -> Request[MobileId]:  # noqa: A002 - the provider's word
    """Check the code the owner typed, for a session with `CODE_REQUIRED`. A wrong one is a `Refused`.

    The answer says `verified` or not; accepted alone does not mean verified.
    """
    return Request(
        path="mobile-id/verify",
        body={**asked.ids(id=id), "code": asked.code(code, shortest=1, longest=10), **asked.filled(sign=sign)},
        read=answered.about(id, _read_session),
        repeatable=False,
        secrets=(code,),
        subject=f"id {id}",
    )


def _read_session(item: Item) -> MobileId | None:
    session_id = decode.whole(item.get("id"))
    if not session_id:
        return None
    return MobileId(
        id=session_id,
        number=answered.phone(item, "number"),
        auth_type=decode.words(item.get("authType")),
        sms_code=decode.words(item.get("codeSms")),
        status=answered.status(MobileIdStatus, item),
        cost=decode.money(item.get("cost")),
        created_at=decode.moment(item.get("dateCreate")),
        sent_at=decode.moment(item.get("dateSend")),
    )
