"""Codes by Telegram, with an SMS for who has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.model import Many
from aerocode.smsaero.model import TelegramStatus
from aerocode.smsaero.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramCode:
    """The repr holds neither number nor code."""

    id: int
    number: str = field(repr=False)
    code: str = field(repr=False)
    sms_text: str = field(repr=False)
    """Of the SMS that goes out when Telegram fails; empty without one."""
    sms_from: str
    sms_id: int | None
    """Of that SMS, once it has gone out."""
    status: TelegramStatus | None
    extend_status: str
    """The provider's word for the status, such as `queue` or `delivery`."""
    cost: Decimal | None
    """Roubles."""
    created_at: datetime | None


def telegram_send(*, number: str, code: str, sign: str | None = None, text: str | None = None) -> Request[TelegramCode]:
    """Send a code of 4 to 8 digits by Telegram; with `sign` and `text`, by SMS when Telegram fails.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return Request(
        path="telegram/send",
        body={"number": asked.digits(number), **_content(code, sign, text)},
        read=answered.to(number, _read_code),
        repeatable=False,
        secrets=(code, *filter(None, [text]), number),
        subject=asked.subject([number]),
    )


def telegram_send_many(
    *, numbers: Sequence[str], code: str, sign: str | None = None, text: str | None = None
) -> Request[Many[TelegramCode]]:
    """As `telegram_send` with the same code for many numbers, with one answer for each."""
    return Request(
        path="telegram/send",
        body={"numbers": asked.several(numbers), **_content(code, sign, text)},
        read=answered.each(numbers, _read_code),
        repeatable=False,
        secrets=(code, *filter(None, [text]), *numbers),
        subject=asked.subject(numbers),
        reply_limit=answered.LONG,
    )


def telegram_status(id: int) -> Request[TelegramCode]:  # noqa: A002 - the provider's word
    """What became of a code. `id` is that of a `TelegramCode`."""
    read = answered.about(id, _read_code)
    return Request(path="telegram/status", body=asked.ids(id=id), read=read, repeatable=True, subject=f"id {id}")


def _content(code: str, sign: str | None, text: str | None) -> dict[str, str]:
    if (sign is None) != (text is None):
        raise ValueError("sign and text go together: both for an SMS when Telegram fails, or neither")
    fallback = {} if sign is None or text is None else asked.filled(sign=sign, text=text)
    return {"code": asked.code(code, shortest=4, longest=8), **fallback}


def _read_code(item: Item) -> TelegramCode | None:
    code_id = decode.whole(item.get("id"))
    if not code_id:
        return None
    return TelegramCode(
        id=code_id,
        number=answered.phone(item, "number"),
        code=decode.words(item.get("telegramCode")),
        sms_text=decode.words(item.get("smsText")),
        sms_from=decode.words(item.get("smsFrom")),
        sms_id=decode.whole(item.get("idSms")) or None,
        status=answered.status(TelegramStatus, item),
        extend_status=decode.words(item.get("extendStatus")),
        cost=decode.money(item.get("cost")),
        created_at=decode.moment(item.get("dateCreate")),
    )
