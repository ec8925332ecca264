"""Sender names, which the provider calls signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.model import Operator
from aerocode.smsaero.model import Page
from aerocode.smsaero.model import SignStatus
from aerocode.smsaero.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOperator:
    """Whether one operator lets a sender name through."""

    operator: Operator | None
    extend_operator: str
    """The provider's word for the operator, such as `MEGAFON`."""
    status: SignStatus | None
    extend_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sender name of the account."""

    id: int
    name: str
    status: SignStatus | None
    extend_status: str
    """The provider's word for the status, such as `approve` or `moderation`."""
    operators: tuple[SignOperator, ...]


def sign_list() -> Request[Page[Sign]]:
    """The account's sender names for SMS."""
    return answered.listing("sign/list", {}, read_sign)


def sign_add(*, name: str) -> Request[Mapping[str, Any]]:
    """Ask for a new sender name. What comes back is documented nowhere, hence the mapping as it came.

    Raises:
        ValueError: the name is empty or longer than 11 characters.

    """
    if len(name) > 11:
        raise ValueError("name must be 11 characters at most")
    return Request(path="sign/add", body=asked.filled(name=name), read=answered.raw, repeatable=False)


def read_sign(item: Item) -> Sign | None:
    """SMS and Viber describe their sender names alike."""
    sign_id = decode.whole(item.get("id"))
    if not sign_id:
        return None
    by_operator = item.get("statusOperators")
    return Sign(
        id=sign_id,
        name=decode.words(item.get("name")),
        status=answered.status(SignStatus, item),
        extend_status=decode.words(item.get("extendStatus")),
        operators=tuple(_read_operator(each) for each in decode.objects(by_operator) if each),
    )


def _read_operator(item: Item) -> SignOperator:
    return SignOperator(
        operator=answered.status(Operator, item, "operator"),
        extend_operator=decode.words(item.get("extendOperator")),
        status=answered.status(SignStatus, item),
        extend_status=decode.words(item.get("extendStatus")),
    )
