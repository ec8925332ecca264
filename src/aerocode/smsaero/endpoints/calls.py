"""Codes by telephone: the last digits of the caller's number (flash call), or a voice that reads them.

Whether an account may use them depends on the account: the provider's newer clients leave them out.
"""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.model import CallStatus
from aerocode.smsaero.model import Page
from aerocode.smsaero.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCall:
    """The repr holds neither phone nor code."""

    id: int
    phone: str = field(repr=False)
    """Here the provider says phone, not number."""
    code: str = field(repr=False)
    status: CallStatus | None
    cost: Decimal | None
    """Roubles."""
    created_at: datetime | None
    updated_at: datetime | None
    sent_at: datetime | None


def flashcall_send(*, phone: str, code: str) -> Request[PhoneCall]:
    """Call a phone from a number that ends with the code, of 4 digits.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return _call("flashcall/send", phone, code)


def flashcall_status(id: int) -> Request[PhoneCall]:  # noqa: A002 - the provider's word
    """What became of a flash call. `id` is that of a `PhoneCall`."""
    read = answered.about(id, _read_call)
    return Request(path="flashcall/status", body=asked.ids(id=id), read=read, repeatable=True, subject=f"id {id}")


def flashcall_list() -> Request[Page[PhoneCall]]:
    """The account's flash calls."""
    return answered.listing("flashcall/list", {}, _read_call)


def voicecode_send(*, phone: str, code: str) -> Request[PhoneCall]:
    """Call a phone and read the code, of 4 digits. There is no method for what became of it.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return _call("voicecode/send", phone, code)


def _call(path: str, phone: str, code: str) -> Request[PhoneCall]:
    return Request(
        path=path,
        body={"phone": asked.digits(phone), "code": asked.code(code, shortest=4, longest=4)},
        read=answered.to(phone, _read_call, key="phone"),
        repeatable=False,
        secrets=(code, phone),
        subject=asked.subject([phone]),
    )


def _read_call(item: Item) -> PhoneCall | None:
    call_id = decode.whole(item.get("id"))
    if not call_id:
        return None
    return PhoneCall(
        id=call_id,
        phone=answered.phone(item, "phone"),
        code=decode.words(item.get("code")),
        status=answered.status(CallStatus, item),
        cost=decode.money(item.get("cost")),
        created_at=decode.moment(item.get("timeCreate")),
        updated_at=decode.moment(item.get("timeUpdate")),
        sent_at=decode.moment(item.get("timeSend")),
    )
