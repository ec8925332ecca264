"""The provider's words as frozen values. Attribute names are the provider's where they are English."""

import base64
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An SMS Aero account: its e-mail and an API key from the cabinet's page settings/apikey."""

    email: str
    api_key: str = field(repr=False)
    _pair: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # "replace": a lone surrogate typed into JSON must not raise an error that quotes the key.
        pair = f"{self.email}:{self.api_key}".encode(errors="replace")
        object.__setattr__(self, "_pair", base64.b64encode(pair).decode())

    def header(self) -> str:
        """The value of `Authorization`: HTTP Basic over the UTF-8 of `email:api_key` (RFC 7617)."""
        return f"Basic {self._pair}"

    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated in a log, should a gate echo it: the key, plain and as the header carries it."""
        return self.api_key, self._pair


class SmsStatus(IntEnum):
    """Where an SMS is, by the provider's numbers. A number nobody documented becomes an `UNKNOWN` of that value."""

    QUEUE = 0
    DELIVERED = 1
    UNDELIVERED = 2
    SENT = 3
    WAIT = 4
    REJECT = 6
    MODERATION = 8

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        # The provider may add a status any day: a client that dies of it loses an SMS already paid for.
        unknown = int.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown

    @property
    def final(self) -> bool:
        """True when the provider will not change the status any more."""
        return self in (SmsStatus.DELIVERED, SmsStatus.UNDELIVERED, SmsStatus.REJECT)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    amount: Decimal
    """Roubles."""
