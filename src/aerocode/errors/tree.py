"""The root of the tree, what a request can be refused for, and the house's own troubles."""

import inspect
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with something a person wrote.

    `code` and `detail` have the shape Logto's clients read: `invalid_type` with `expected` and `received`, and so on.
    `advice` says what to write instead, where `message` is somebody else's sentence and does not.
    """

    path: tuple[str | int, ...]
    code: str
    message: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""


class AerocodeError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal"
    #: True when the same request would be refused again, however often it is repeated.
    permanent: ClassVar[bool] = True

    def __init__(self, message: str = "", *, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message or inspect.cleandoc(type(self).__doc__ or ""))
        self.data: dict[str, Any] = dict(data or {})


# What was asked cannot be understood.


class InvalidInput(AerocodeError):
    """The request is not what this route takes."""

    code = "guard.invalid_input"

    def __init__(self, faults: Sequence[Fault] = (), message: str = "") -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class BodyTooLarge(AerocodeError):
    """The request body is larger than 64 kB."""

    code = "request.body_too_large"


class UnknownRoute(AerocodeError):
    """There is nothing at this address."""

    code = "entity.not_found"


class MethodNotAllowed(AerocodeError):
    """This address does not take that method."""

    code = "request.method_not_allowed"


class EntityNotFound(AerocodeError):
    """There is no such thing here."""

    code = "entity.not_found"


class EntityInvalid(AerocodeError):
    """The change holds nothing that can be changed."""

    code = "entity.invalid_input"


class EntityExists(AerocodeError):
    """Something with that name or id exists already."""

    code = "entity.already_exists"


# Who asks.


class MissingAuthorization(AerocodeError):
    """The Authorization header with an API key is missing."""

    code = "auth.authorization_header_missing"


class UnsupportedAuthorization(AerocodeError):
    """Only Bearer authorization is supported."""

    code = "auth.authorization_token_type_not_supported"

    def __init__(self) -> None:
        super().__init__(data={"supportedTypes": ["Bearer"]})


class Unauthorized(AerocodeError):
    """This API key is unknown, expired or revoked."""

    code = "auth.unauthorized"


class Forbidden(AerocodeError):
    """This API key does not open that."""

    code = "auth.forbidden"


# The house itself.


class Unavailable(AerocodeError):
    """The service cannot answer right now."""

    code = "service.unavailable"
    permanent = False


class StoreUnavailable(Unavailable):
    """The database cannot be used right now."""


class CannotDecrypt(AerocodeError):
    """A stored secret does not open with the keys at hand: an old secret key is missing from the settings."""

    code = "secret.unreadable"


class CannotStart(AerocodeError):
    """A setting, a file or a port keeps Aerocode from starting; one sentence says which."""

    code = "start.refused"


class InUse(CannotStart):
    """Another Aerocode is using the database."""
