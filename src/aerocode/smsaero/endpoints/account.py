"""The account: credentials, money, cards, prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from decimal import Decimal
from typing import Any
from typing import Literal

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.wire import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    amount: Decimal
    """Roubles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    amount: Decimal
    """Roubles taken from the card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    id: int
    number: str = field(repr=False)
    """As the provider masks it, such as `Visa*****1234`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What one SMS costs on a channel."""

    channel: str
    """The provider's name, such as `FREE SIGN` or `DIRECT`."""
    prices: Mapping[str, Decimal]
    """Roubles by operator: `MEGAFON`, `MTS`, `BEELINE`, `TELE2`, `OTHER`. A price that is no sum is left out."""


def auth() -> Request[Literal[True]]:
    """Whether the credentials are good: True, or WrongCredentials is raised."""
    # The reply's data is null, so being accepted is the whole answer.
    return Request(path="auth", body={}, read=answered.done, repeatable=True)


def balance() -> Request[Balance]:
    """How much money the account has."""
    return Request(path="balance", body={}, read=answered.one(_read_balance), repeatable=True)


def balance_add(*, amount: Decimal | int, card_id: int, confirm: bool = False) -> Request[Charge]:
    """Charge one of the account's own cards, really. `amount` is roubles, with two decimals at most.

    Raises:
        ValueError: `confirm` is not True, or a field the provider can't take.

    """
    if confirm is not True:
        raise ValueError("balance/add charges a real card: it must be called with confirm=True")
    amount = Decimal(amount)
    if not amount.is_finite() or amount <= 0 or amount != round(amount, 2):
        raise ValueError("amount must be a positive sum with two decimals at most")
    return Request(
        path="balance/add",
        body={"sum": int(amount) if amount == int(amount) else float(amount), **asked.ids(cardId=card_id)},
        read=answered.one(_read_charge),
        repeatable=False,
        subject=f"card id {card_id}",
    )


def cards() -> Request[tuple[Card, ...]]:
    """The bank cards tied to the account."""
    return Request(path="cards", body={}, read=answered.keyed(_read_card), repeatable=True)


def tariffs() -> Request[tuple[Tariff, ...]]:
    """What an SMS costs, by channel and operator."""
    return Request(path="tariffs", body={}, read=_read_tariffs, repeatable=True)


def _read_balance(item: Item) -> Balance | None:
    amount = decode.money(item.get("balance"))
    return None if amount is None else Balance(amount=amount)


def _read_charge(item: Item) -> Charge | None:
    amount = decode.money(item.get("sum"))
    return None if amount is None else Charge(amount=amount)


def _read_card(item: Item) -> Card | None:
    card_id = decode.whole(item.get("id"))
    return Card(id=card_id, number=decode.words(item.get("number"))) if card_id else None


def _read_tariffs(data: Any) -> tuple[Tariff, ...] | None:
    if not isinstance(data, dict):
        return () if data == [] else None
    return tuple(Tariff(channel=decode.words(channel), prices=_prices(by)) for channel, by in data.items())


def _prices(by_operator: Any) -> Mapping[str, Decimal]:
    pairs = by_operator.items() if isinstance(by_operator, dict) else ()
    return {decode.words(operator): price for operator, said in pairs if (price := decode.money(said)) is not None}
