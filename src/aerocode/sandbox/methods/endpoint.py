"""One method of the gate, as a line of a table."""

from collections.abc import Callable
from dataclasses import dataclass

from aerocode.sandbox.fields import Given
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Sending

SMALL = 65_536  # bytes of a body
WITH_IMAGE = 600_000  # 300 kB of image as base64, and room for the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`act` raises Refused; a send answers with Sending, so that a fault can come between the two."""

    path: str
    act: Callable[[Given], Answer | Sending]
    largest: int = SMALL
    untested: bool = False
    """No official client calls it: what it takes and answers is not checked against anybody's code but ours."""
