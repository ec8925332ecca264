"""What a handler gets and what it gives back."""

from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import Enum
from typing import Any
from typing import Generic
from typing import TypeVar

from pydantic import BaseModel

from aerocode.model.application import Application
from aerocode.model.application import Scope

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as an API key proves it. `key` names the key in the audit and counts its tests."""

    application: Application
    key: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Generic[Body]):
    """`headers` has those that the route takes, by their names as it has them."""

    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` None means no body at all; `text` and `media` stand for what is not JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str | bytes | None = None
    media: str = "application/json"


class Style(Enum):
    """Whose contract the errors of a route follow."""

    OWN = "own"
    LOGTO = "logto"
    LOGTO_CHECK = "logto check"


Handler = Callable[[Ask[Any]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Access:
    """The scope a key needs; `installation` means that only a key of the application `default` will do.

    `here` means that only a command on the server's own machine will do, which has the token of its control file.
    """

    scope: Scope
    installation: bool = False
    here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A header or a word of the query that a route takes besides its body; `pattern` is for its documentation."""

    name: str
    description: str
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the site map. Without `access` it is open to everybody.

    `headers` are the only ones that its handler gets to see. `hidden` keeps what only our own command line calls out of
    the documentation. `refusals` are "status code".
    """

    method: str
    path: str
    handler: Handler
    summary: str = ""
    access: Access | None = None
    body: type[BaseModel] | None = None
    status: int = 200
    refusals: tuple[str, ...] = ()
    style: Style = Style.OWN
    headers: tuple[Parameter, ...] = ()
    query: tuple[Parameter, ...] = ()
    hidden: bool = False
