"""What is known of a phone: whether it can be reached (HLR) and whose network it is on."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.model import HlrStatus
from aerocode.smsaero.model import Many
from aerocode.smsaero.model import Operator
from aerocode.smsaero.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class HlrCheck:
    id: int
    number: str = field(repr=False)
    status: HlrStatus | None
    extend_status: str
    """The provider's word for the status, such as `in work` or `available`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOperator:
    number: str = field(repr=False)
    operator: Operator | None
    extend_operator: str
    """The provider's word, such as `BEELINE`."""


def hlr_check(*, number: str) -> Request[HlrCheck]:
    """Begin to find out whether a phone can be reached; ask `hlr_status` for the outcome."""
    return Request(
        path="hlr/check",
        body={"number": asked.digits(number)},
        read=answered.to(number, _read_check),
        repeatable=False,
        secrets=(number,),
        subject=asked.subject([number]),
    )


def hlr_check_many(*, numbers: Sequence[str]) -> Request[Many[HlrCheck]]:
    """As `hlr_check` for many phones, with one answer for each."""
    return Request(
        path="hlr/check",
        body={"numbers": asked.several(numbers)},
        read=answered.each(numbers, _read_check),
        repeatable=False,
        secrets=tuple(numbers),
        subject=asked.subject(numbers),
        reply_limit=answered.LONG,
    )


def hlr_status(id: int) -> Request[HlrCheck]:  # noqa: A002 - the provider's word
    """What came of a check. `id` is that of an `HlrCheck`."""
    read = answered.about(id, _read_check)
    return Request(path="hlr/status", body=asked.ids(id=id), read=read, repeatable=True, subject=f"id {id}")


def number_operator(*, number: str) -> Request[NumberOperator]:
    """Whose network a phone is on."""
    return Request(
        path="number/operator",
        body={"number": asked.digits(number)},
        read=answered.to(number, _read_operator),
        repeatable=False,  # whether the provider charges for it is not documented
        secrets=(number,),
        subject=asked.subject([number]),
    )


def number_operator_many(*, numbers: Sequence[str]) -> Request[Many[NumberOperator]]:
    """As `number_operator` for many phones, with one answer for each."""
    return Request(
        path="number/operator",
        body={"numbers": asked.several(numbers)},
        read=answered.each(numbers, _read_operator),
        repeatable=False,
        secrets=tuple(numbers),
        subject=asked.subject(numbers),
        reply_limit=answered.LONG,
    )


def _read_check(item: Item) -> HlrCheck | None:
    check_id = decode.whole(item.get("id"))
    if not check_id:
        return None
    return HlrCheck(
        id=check_id,
        number=answered.phone(item, "number"),
        status=answered.status(HlrStatus, item, "hlrStatus"),
        extend_status=decode.words(item.get("extendHlrStatus")),
    )


def _read_operator(item: Item) -> NumberOperator | None:
    operator = answered.status(Operator, item, "operator")
    word = decode.words(item.get("extendOperator"))
    if operator is None and not word:
        return None
    return NumberOperator(number=answered.phone(item, "number"), operator=operator, extend_operator=word)
