"""SMS: to one or many numbers, in earnest or in the provider's test mode, their status and their lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import TypedDict
from typing import Unpack

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.endpoints.asked import CallbackFormat
from aerocode.smsaero.model import Many
from aerocode.smsaero.model import Page
from aerocode.smsaero.model import SmsStatus
from aerocode.smsaero.wire import Request


class SmsOptions(TypedDict, total=False):
    """What else a send may say."""

    date_send: datetime | None
    """When to send, aware; at once when absent."""
    callback_url: str | None
    """Where SMS Aero posts each change of status; see `read_callback`."""
    callback_format: CallbackFormat
    """`form`, or `JSON`."""
    short_link: bool
    """Let SMS Aero shorten the links in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentSms:
    """One SMS as the gate describes it, in answer to a send or to a question about its status.

    The repr holds neither number nor text, because the text may carry a code.
    """

    id: int
    sender: str
    """The sender name used; the provider calls it `from` and may have changed the one asked for."""
    number: str = field(repr=False)
    """Digits with the country code, no plus."""
    text: str = field(repr=False)
    status: SmsStatus
    extend_status: str
    """The provider's word for the status, such as `delivery`; empty when absent."""
    channel: str
    """Such as `FREE SIGN` or `DIRECT`; empty when absent."""
    cost: Decimal | None
    """Roubles."""
    created_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime | None
    """When the final status came."""


def sms_send(*, number: str, sign: str, text: str, **options: Unpack[SmsOptions]) -> Request[SentSms]:
    """Send one SMS. `number` is 7 to 15 digits with the country code, without a plus.

    Accepted by the gate does not mean accepted by the operator: look at `status`, which may be REJECT at once.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return _to_one("sms/send", number, _content(sign, text, options))


def sms_send_many(
    *, numbers: Sequence[str], sign: str, text: str, **options: Unpack[SmsOptions]
) -> Request[Many[SentSms]]:
    """Send one text to many numbers, with one answer for each.

    Raises:
        ValueError: a field the provider can't take, no number, a number twice, or more than a thousand.

    """
    return _to_many("sms/send", numbers, _content(sign, text, options))


def sms_test_send(*, number: str, sign: str, text: str, **options: Unpack[SmsOptions]) -> Request[SentSms]:
    """As `sms_send` in the provider's test mode: checked in full, sent to nobody, costs nothing."""
    return _to_one("sms/testsend", number, _content(sign, text, options))


def sms_test_send_many(
    *, numbers: Sequence[str], sign: str, text: str, **options: Unpack[SmsOptions]
) -> Request[Many[SentSms]]:
    """As `sms_send_many` in the provider's test mode."""
    return _to_many("sms/testsend", numbers, _content(sign, text, options))


def sms_status(id: int) -> Request[SentSms]:  # noqa: A002 - the provider's word, on the wire and in every result
    """What became of an SMS. `id` is that of a `SentSms`."""
    return _about("sms/status", id)


def sms_test_status(id: int) -> Request[SentSms]:  # noqa: A002 - as above
    """The status of what `sms_test_send` returned; test messages have ids of their own."""
    return _about("sms/teststatus", id)


def sms_list(*, number: str | None = None, text: str | None = None) -> Request[Page[SentSms]]:
    """The account's SMS, those to `number` or with `text` only when given.

    The text travels to the gate as a filter: leave it out when it carries a code.
    """
    return _list("sms/list", number, text)


def sms_test_list(*, number: str | None = None, text: str | None = None) -> Request[Page[SentSms]]:
    """As `sms_list` for what was sent in the provider's test mode."""
    return _list("sms/testlist", number, text)


def _content(sign: str, text: str, options: SmsOptions) -> dict[str, str | int]:
    content: dict[str, str | int] = {**asked.filled(sign=sign, text=text)}
    if options:
        content |= asked.given(dateSend=asked.unix(options.get("date_send")))
        content |= asked.callback(options.get("callback_url"), options.get("callback_format", "form"))
        content |= {"shortLink": 1} if options.get("short_link") else {}
    return content


def _to_one(path: str, number: str, content: dict[str, str | int]) -> Request[SentSms]:
    return Request(
        path=path,
        body={"number": asked.digits(number), **content},
        read=answered.to(number, _read_sms),
        repeatable=False,
        secrets=(str(content["text"]), number),
        subject=asked.subject([number]),
    )


def _to_many(path: str, numbers: Sequence[str], content: dict[str, str | int]) -> Request[Many[SentSms]]:
    return Request(
        path=path,
        body={"numbers": asked.several(numbers), **content},
        read=answered.each(numbers, _read_sms),
        repeatable=False,
        secrets=(str(content["text"]), *numbers),
        subject=asked.subject(numbers),
        reply_limit=answered.LONG,
    )


def _about(path: str, sms_id: int) -> Request[SentSms]:
    read = answered.about(sms_id, _read_sms)
    return Request(path=path, body=asked.ids(id=sms_id), read=read, repeatable=True, subject=f"id {sms_id}")


def _list(path: str, number: str | None, text: str | None) -> Request[Page[SentSms]]:
    return answered.listing(
        path,
        asked.given(number=None if number is None else asked.digits(number), text=text),
        _read_sms,
        secrets=tuple(filter(None, (number, text))),
        subject="" if number is None else asked.subject([number]),
    )


def _read_sms(item: Item) -> SentSms | None:
    sms_id = decode.whole(item.get("id"))
    if not sms_id:
        return None
    status = answered.status(SmsStatus, item)
    return SentSms(
        id=sms_id,
        sender=decode.words(item.get("from")),
        number=answered.phone(item, "number"),
        text=decode.words(item.get("text")),
        # An accepted SMS without a status is one that has none yet.
        status=SmsStatus.QUEUE if status is None else status,
        extend_status=decode.words(item.get("extendStatus")),
        channel=decode.words(item.get("channel")),
        cost=decode.money(item.get("cost")),
        created_at=decode.moment(item.get("dateCreate")),
        sent_at=decode.moment(item.get("dateSend")),
        answered_at=decode.moment(item.get("dateAnswer")),
    )
