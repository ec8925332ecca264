"""Rows to values and back. The only place that knows how a column spells a value."""

import json
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Any
from typing import Protocol

from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.model.application import Scope
from aerocode.model.budget import Pool
from aerocode.model.connector import SavedConnector
from aerocode.model.decision import SealedCode
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Verdict
from aerocode.model.message import Event
from aerocode.model.message import Message
from aerocode.model.message import Source
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.phone import Phone


class Row(Protocol):
    """A row of either database, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any: ...


#: A row that a decision looks at.
Loaded = dict[str, Any]


#: Made once: `json.dumps` with separators makes an encoder at every call.
to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_time(microseconds: int) -> datetime:
    # A double holds every microsecond until the year 2255; twice as fast as adding a timedelta.
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def to_optional_time(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else to_time(microseconds)


def from_time(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_optional_time(moment: datetime | None) -> int | None:
    return None if moment is None else from_time(moment)


def from_span(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def from_mapping(value: Mapping[str, Any]) -> str:
    return to_json(dict(value)) if value else "{}"


def phone_of(row: Row) -> Phone | None:
    """None when retention has replaced the number by a pseudonym."""
    stored: str = row["phone"]
    return Phone(stored) if stored.startswith("+") else None


def subject_of(row: Row) -> Subject:
    return Subject(row["application"], Phone(row["phone"]), UsageType(row["usage_type"]), row["session"])


def code_of(row: Row) -> SealedCode:
    return SealedCode(seal=row["seal"], cipher=row["cipher"])


def verification_of(row: Row) -> Verification:
    return Verification(
        id=row["id"],
        application=row["application"],
        phone=phone_of(row),
        usage_type=UsageType(row["usage_type"]),
        session=row["session"],
        status=VerificationStatus(row["status"]),
        attempts_left=row["attempts_left"],
        sends=row["sends"],
        created_at=to_time(row["created_at"]),
        expires_at=to_time(row["expires_at"]),
        resend_at=to_time(row["resend_at"]),
        ended_at=to_optional_time(row["ended_at"]),
        message_id=row["message_id"],
        pool=Pool(row["pool"]),
        test=bool(row["test"]),
        locale=row["locale"],
        payload=_mapping(row["payload"]),
        metadata=_mapping(row["metadata"]),
    )


def _mapping(text: str) -> Mapping[str, str]:
    return {} if text == "{}" else json.loads(text)


def message_of(row: Row, *, timeline: bool = True) -> Message:
    """`timeline` False leaves it out, for whoever only asks where the message stands."""
    return Message(
        id=row["id"],
        application=row["application"],
        verification=row["verification"],
        phone=phone_of(row),
        usage_type=UsageType(row["usage_type"]),
        status=MessageStatus(row["status"]),
        created_at=to_time(row["created_at"]),
        updated_at=to_time(row["updated_at"]),
        reason=row["reason"],
        gate_id=row["gate_id"],
        sender=row["sender"],
        segments=row["segments"],
        cost=None if row["cost"] is None else Decimal(row["cost"]),
        operator=row["operator"],
        timeline=_timeline(row) if timeline else (),
    )


def connector_of(row: Row, config: bytes) -> SavedConnector:
    """`config` is the row's, opened."""
    return SavedConnector(
        id=row["id"],
        factory=row["factory"],
        config=json.loads(config),
        metadata=json.loads(row["metadata"]),
        created_at=to_time(row["created_at"]),
    )


def _timeline(row: Row) -> tuple[Event, ...]:
    created = Event(at=to_time(row["created_at"]), status=MessageStatus.CREATED, source=Source.OWN)
    return (created, *(_event(line) for line in json.loads(row["timeline"])))


def application_of(row: Row) -> Application:
    return Application(id=row["id"], product=row["product"], created_at=to_time(row["created_at"]))


def key_of(row: Row) -> ApiKey:
    return ApiKey(
        id=row["id"],
        application=row["application"],
        name=row["name"],
        scopes=frozenset(Scope(word) for word in row["scopes"].split()),
        created_at=to_time(row["created_at"]),
        expires_at=to_optional_time(row["expires_at"]),
        revoked_at=to_optional_time(row["revoked_at"]),
        last_used_at=to_optional_time(row["last_used_at"]),
    )


def entry_of(row: Row) -> ListEntry:
    return ListEntry(
        id=row["id"],
        verdict=Verdict(row["verdict"]),
        kind=Kind(row["kind"]),
        value=row["value"],
        reason=row["reason"],
        created_at=to_time(row["created_at"]),
        expires_at=to_optional_time(row["expires_at"]),
    )


def from_entry(entry: ListEntry) -> Loaded:
    """All but when it was made, which the store's own time says."""
    return {
        "id": entry.id,
        "verdict": str(entry.verdict),
        "kind": str(entry.kind),
        "value": entry.value,
        "reason": entry.reason,
        "expires_at": from_optional_time(entry.expires_at),
    }


def with_event(
    timeline: str,
    now: int,
    status: MessageStatus,
    source: Source,
    reason: str = "",
    detail: str = "",
    gate_id: str = "",
) -> str:
    """The stored timeline with one more line at its end."""
    said = (("reason", reason), ("detail", detail), ("gate_id", gate_id))
    words = {name: value for name, value in said if value}
    rest = f",{to_json(words)[1:-1]}" if words else ""
    text = f'{{"at":{now},"status":"{status}","source":"{source}"{rest}}}'
    return f"[{text}]" if timeline == "[]" else f"{timeline[:-1]},{text}]"


def _event(line: Mapping[str, Any]) -> Event:
    return Event(
        at=to_time(line["at"]),
        status=MessageStatus(line["status"]),
        source=Source(line["source"]),
        reason=line.get("reason", ""),
        detail=line.get("detail", ""),
        gate_id=line.get("gate_id", ""),
    )
