"""Applications that call us, and their API keys."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: The application that is always there. Only its keys may hold the scopes of the installation.
DEFAULT_APPLICATION = "default"


class Scope(StrEnum):
    """What a key opens."""

    VERIFICATIONS_WRITE = "verifications:write"
    VERIFICATIONS_READ = "verifications:read"
    CONNECTORS_READ = "connectors:read"
    CONNECTORS_WRITE = "connectors:write"
    MESSAGES_READ = "messages:read"
    LISTS_WRITE = "lists:write"
    SETTINGS_WRITE = "settings:write"
    METRICS_READ = "metrics:read"
    ALL = "all"


#: Open to keys of `default` alone: they concern the installation, not one application.
INSTALLATION_SCOPES = frozenset(
    {Scope.CONNECTORS_READ, Scope.CONNECTORS_WRITE, Scope.LISTS_WRITE, Scope.SETTINGS_WRITE, Scope.METRICS_READ},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`product` is the name people read in a message, `{{appName}}`."""

    id: str
    product: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as recorded: its fingerprint stays in the store, its text was shown once."""

    id: str
    application: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
