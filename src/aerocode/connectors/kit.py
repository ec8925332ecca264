"""What a connector is, and which ones there are.

A factory is a kind of connector. It knows its provider and nothing of where configs are kept: each function takes the
config it is about. A further provider is one more `Factory` in `factories`.
"""

from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from typing import Protocol

from aerocode.connectors import lint
from aerocode.connectors import masking
from aerocode.connectors import signs
from aerocode.connectors import smsaero
from aerocode.connectors import smsaero_config
from aerocode.connectors import smsaero_form
from aerocode.connectors.traces import Traces
from aerocode.errors import Fault
from aerocode.model.message import Found
from aerocode.model.message import Report
from aerocode.phone import Phone
from aerocode.ports import Line
from aerocode.ports import Order
from aerocode.smsaero import Transport

Config = Mapping[str, Any]


class Followed(Line, Protocol):
    """A line that can also be asked what became of a message. Raises the ConnectorError that keeps it from telling."""

    async def follow(self, gate_id: str) -> Report: ...

    async def find(self, phone: Phone, proof: bytes, since: datetime) -> list[Found]:
        """What was sent to the phone from then on, of the text that `proof` was made of; the oldest first."""
        ...

    async def balance(self) -> Decimal:
        """Roubles."""
        ...

    def sends_for(self, account: str) -> bool:
        """Whether what was sent from this account (see `HandOver`) can be asked about here."""
        ...

    def proof_of(self, order: Order) -> bytes | None:
        """The proof (see `HandOver`) of what `send` would send. Raises TemplateNotFound."""
        ...


class MakesLine(Protocol):
    def __call__(self, config: Config, transport: Transport, traces: Traces | None = None) -> Followed: ...


class Warnings(Protocol):
    def __call__(self, config: object, *, life: timedelta) -> list[Fault]: ...


#: Warnings that only the account itself can give; none when it does not answer soon.
AsksAccount = Callable[[Config, Transport], Awaitable[list[Fault]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """One kind of connector.

    `faults` takes whatever was written and tells every fault at once; `warnings` tells what is allowed and surprising,
    given how long a code lives, `account_warnings` what only the account knows. All others want a config without
    faults; `line` raises InvalidConfig for another, and gives what sends through the pooled transport. `read_report`
    reads a callback's body.
    """

    id: str
    type: str
    target: str
    metadata: Callable[[], dict[str, Any]]
    schema: Callable[[], dict[str, Any]]
    faults: Callable[[object], list[Fault]]
    warnings: Warnings
    account_warnings: AsksAccount
    masked: Callable[[Config], dict[str, Any]]
    with_secret_kept: Callable[[Config, Config], dict[str, Any]]
    clean: Callable[[Config], dict[str, Any]]
    compose: Callable[[Config, Order], str]
    line: MakesLine
    read_report: Callable[[bytes], Report | None]


SMS_AERO = Factory(
    id=smsaero_form.ID,
    type=smsaero_form.TYPE,
    target=smsaero_form.TARGET,
    metadata=smsaero_form.metadata,
    schema=smsaero_form.schema,
    faults=smsaero_config.faults,
    warnings=lint.warnings,
    account_warnings=signs.warnings,
    masked=masking.masked,
    with_secret_kept=masking.with_secret_kept,
    clean=masking.clean,
    compose=smsaero.compose,
    line=smsaero.SmsAeroLine,
    read_report=smsaero.read_report,
)

factories: Mapping[str, Factory] = MappingProxyType({SMS_AERO.id: SMS_AERO})
