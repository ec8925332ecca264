"""The provider's methods, one small function each: a path, the body's keys, and how to read `data`.

To add a method, add a function. Nothing else in this package needs to know.
"""

from collections.abc import Callable
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from typing import Literal

from aerocode.smsaero import decode
from aerocode.smsaero.model import Balance
from aerocode.smsaero.model import SentSms
from aerocode.smsaero.model import SmsStatus
from aerocode.smsaero.wire import Request


def auth() -> Request[Literal[True]]:
    """Whether the credentials are good: the reply's `data` is null, so being accepted is the whole answer."""
    return Request(path="auth", body={}, read=lambda _: True, repeatable=True)


def balance() -> Request[Balance]:
    return Request(path="balance", body={}, read=_read_balance, repeatable=True)


def sms_send(*, number: str, sign: str, text: str) -> Request[SentSms]:
    """Send one SMS. `number` is 7 to 15 digits with the country code, without a plus.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return _sms("sms/send", number=number, sign=sign, text=text)


def sms_test_send(*, number: str, sign: str, text: str) -> Request[SentSms]:
    """As `sms_send` in the provider's test mode: checked in full, sent to nobody, costs nothing."""
    return _sms("sms/testsend", number=number, sign=sign, text=text)


def sms_status(id: int) -> Request[SentSms]:  # noqa: A002 - the provider's word, on the wire and in every result
    return _about("sms/status", id)


def sms_test_status(id: int) -> Request[SentSms]:  # noqa: A002 - as above
    """The status of what `sms_test_send` returned; test messages have ids of their own."""
    return _about("sms/teststatus", id)


def _sms(path: str, *, number: str, sign: str, text: str) -> Request[SentSms]:
    if not (number.isascii() and number.isdigit() and 7 <= len(number) <= 15):
        raise ValueError("number must be 7 to 15 digits with the country code, without a plus")
    if not sign or not text:
        raise ValueError("sign and text must not be empty")
    return Request(
        path=path,
        body={"number": number, "sign": sign, "text": text},
        read=_sms_where(lambda item: decode.words(item.get("number")).lstrip("+") == number),
        repeatable=False,
        secrets=(text, number),
        subject=decode.mask(number),
    )


def _about(path: str, sms_id: int) -> Request[SentSms]:
    # No subject fallback: an answer about another id must not settle this one, so a mismatch is unusable.
    read = _sms_where(lambda item: decode.whole(item.get("id")) == sms_id, strictly=True)
    return Request(path=path, body={"id": sms_id}, read=read, repeatable=True, subject=f"id {sms_id}")


def _sms_where(ours: Callable[[Mapping[str, Any]], bool], *, strictly: bool = False) -> Callable[[Any], SentSms | None]:
    """Find our SMS in `data`: by what it says, never by position; alone it is ours unless `strictly`."""

    def read(data: Any) -> SentSms | None:
        items = decode.objects(data)
        found = [item for item in items if ours(item)]
        if not found and len(items) == 1 and not strictly:
            found = items
        return _read_sms(found[0]) if found else None

    return read


def _read_sms(item: Mapping[str, Any]) -> SentSms | None:
    sms_id = decode.whole(item.get("id"))
    if not sms_id:
        return None
    status = decode.whole(item.get("status"))
    return SentSms(
        id=sms_id,
        sender=decode.words(item.get("from")),
        number=decode.words(item.get("number")).lstrip("+"),
        text=decode.words(item.get("text")),
        # An accepted SMS without a status is one that has none yet.
        status=SmsStatus.QUEUE if status is None else SmsStatus(status),
        extend_status=decode.words(item.get("extendStatus")),
        channel=decode.words(item.get("channel")),
        cost=decode.money(item.get("cost")),
        created_at=decode.moment(item.get("dateCreate")),
        sent_at=decode.moment(item.get("dateSend")),
        answered_at=decode.moment(item.get("dateAnswer")),
    )


def _read_balance(data: Any) -> Balance | None:
    amount: Decimal | None = decode.money(data.get("balance")) if isinstance(data, dict) else None
    return None if amount is None else Balance(amount=amount)
