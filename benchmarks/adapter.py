"""What must be known of a server to drive it: how it is run, what it is asked, and what its right answers look like."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ask:
    """A POST; `headers` beside the adapter's own."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a server asked its SMS provider to deliver, and the provider's reply."""

    phone: str
    code: str
    reply: bytes


@dataclass(frozen=True, slots=True)
class Launch:
    """A command to run. `address` is host and port, or finds them in a line of its standard output.

    What it prints besides is read by nobody: it must not print for every request, or it stops once the pipe is full.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    address: Callable[[bytes], tuple[str, int] | None] | tuple[str, int]


class Adapter(Protocol):
    """One server. Phones are digits with the country code, as everywhere in this package."""

    name: str
    #: GET; answers 200 when requests can be served.
    health: str
    #: Sent with every request.
    headers: Mapping[str, str]
    #: How many wrong codes one verification takes and can still be approved.
    wrong_checks: int

    def launch(self, folder: Path, gate: str) -> Launch:
        """Write what the server needs into the empty folder, and say how to run it against the gate's address."""
        ...

    def start(self, phone: str) -> Ask: ...

    def check(self, phone: str, started: Answer, code: str) -> Ask: ...

    def delivered(self, path: str, body: bytes) -> Delivery:
        """Read what the server posted to the gate. Raises ValueError when it is nothing a gate would take."""
        ...

    def is_started(self, answer: Answer) -> bool: ...

    def is_approved(self, answer: Answer) -> bool: ...

    def is_refused(self, answer: Answer) -> bool:
        """Whether this is the answer to a wrong code for a verification that is still pending."""
        ...
