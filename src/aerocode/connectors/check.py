"""Everything wrong with a connector file, each fault with its line and column: for the command line and the console."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from typing import Any

from aerocode.connectors import document
from aerocode.connectors.document import Located
from aerocode.connectors.kit import SMS_AERO
from aerocode.connectors.kit import Factory


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`config` is None when there is a fault; faults and warnings stand in the order of the file."""

    config: Mapping[str, Any] | None = field(repr=False)
    faults: list[Located]
    warnings: list[Located]


def check(data: bytes, *, life: timedelta, factory: Factory = SMS_AERO) -> Checked:
    """`life` is how long a code lives, for the promises the texts make.

    Faults of the writing and of the values are told together, as long as the text can be read to its end.
    """
    read = document.read(data)
    faults = list(read.faults)
    warnings = list(read.warnings)
    if read.whole:
        told = {(fault.line, fault.column) for fault in faults}
        values = read.located(factory.faults(read.value))
        # Where nothing could be read, that the value is missing goes without saying.
        faults += [fault for fault in values if (fault.line, fault.column) not in told]
        warnings += read.located(factory.warnings(read.value, life=life))
    config = read.value if not faults else None
    return Checked(config=config, faults=sorted(faults), warnings=sorted(warnings))
