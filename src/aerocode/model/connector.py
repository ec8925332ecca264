"""A saved connector: a factory's config under an id of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedConnector:
    """`config` is what the operator gave, whole; its repr would show the API key, so it has none."""

    id: str
    factory: str
    config: Mapping[str, Any] = field(repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorVersion:
    """A config that was live until `ended_at`, and the connector it was the config of."""

    id: str
    connector: SavedConnector
    ended_at: datetime
