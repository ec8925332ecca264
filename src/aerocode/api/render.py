"""Values to the JSON people read: camelCase, times in RFC 3339 UTC, phones in E.164."""

from datetime import UTC
from datetime import datetime
from typing import Any

from aerocode.connectors.kit import Factory
from aerocode.errors import Fault
from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.model.connector import ConnectorVersion
from aerocode.model.connector import SavedConnector
from aerocode.model.lists import ListEntry
from aerocode.model.lists import TestNumber
from aerocode.model.message import Event
from aerocode.model.message import Message
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Verification
from aerocode.phone import Phone


def moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def optional_moment(when: datetime | None) -> str | None:
    return None if when is None else moment(when)


def phone(number: Phone | None) -> str | None:
    """None once the retention of the number has ended."""
    return None if number is None else number.e164


def verification(value: Verification, sent: Message | None) -> dict[str, Any]:
    return {
        "id": value.id,
        "phone": phone(value.phone),
        "usageType": value.usage_type,
        "status": value.status,
        "attemptsLeft": value.attempts_left,
        "sends": value.sends,
        "createdAt": moment(value.created_at),
        "expiresAt": moment(value.expires_at),
        "resendAt": moment(value.resend_at),
        "endedAt": optional_moment(value.ended_at),
        "message": {"id": value.message_id, **({"status": sent.status} if sent is not None else {})},
        "locale": value.locale,
        "payload": dict(value.payload),
        "metadata": dict(value.metadata),
        **_test(value),
    }


def started(value: Verification, sent: Message) -> dict[str, Any]:
    # Plain strings here and below: each word of an enumeration costs the JSON of these two answers a third of the rest.
    return {
        "id": value.id,
        "phone": phone(value.phone),
        "usageType": str(value.usage_type),
        "status": str(value.status),
        "attemptsLeft": value.attempts_left,
        "expiresAt": moment(value.expires_at),
        "resendAt": moment(value.resend_at),
        "message": {"id": sent.id, "status": str(sent.status)},
        **_test(value),
    }


def approved(value: Verification, device_token: str) -> dict[str, Any]:
    return {
        "id": value.id,
        "phone": phone(value.phone),
        "usageType": str(value.usage_type),
        "status": str(VerificationStatus.APPROVED),
        "approvedAt": optional_moment(value.ended_at),
        "deviceToken": device_token,
        **_test(value),
    }


def _test(value: Verification) -> dict[str, bool]:
    """Said only of test numbers: whoever signs people in must not take their approval for a proof."""
    return {"test": True} if value.test else {}


def message(value: Message) -> dict[str, Any]:
    """`cost` is in roubles, as a string, so that no kopeck is lost to binary fractions."""
    return {
        "id": value.id,
        "verificationId": value.verification,
        "phone": phone(value.phone),
        "usageType": value.usage_type,
        "status": value.status,
        "reason": value.reason or None,
        "gateId": value.gate_id or None,
        "sender": value.sender or None,
        "segments": value.segments,
        "cost": None if value.cost is None else str(value.cost),
        "operator": value.operator or None,
        "createdAt": moment(value.created_at),
        "updatedAt": moment(value.updated_at),
        "timeline": [event(line) for line in value.timeline],
    }


def event(value: Event) -> dict[str, Any]:
    line = {
        "at": moment(value.at),
        "status": value.status,
        "source": value.source,
        "reason": value.reason,
        "detail": value.detail,
        "gateId": value.gate_id,
    }
    return {name: said for name, said in line.items() if said}


def fault(value: Fault) -> dict[str, Any]:
    return {"path": list(value.path), "code": value.code, "message": f"{value.message} {value.advice}".rstrip()}


def factory(value: Factory) -> dict[str, Any]:
    return {**value.metadata(), "type": value.type, "isDemo": False}


def connector(value: SavedConnector, kind: Factory) -> dict[str, Any]:
    """Logto's shape, with the API key masked: what is read back can't be stolen from a browser or a log."""
    return {
        "id": value.id,
        "connectorId": value.factory,
        "syncProfile": False,
        "enableTokenStorage": False,
        "config": kind.masked(value.config),
        "metadata": dict(value.metadata),
        **{name: said for name, said in kind.metadata().items() if name != "id"},
        **({"target": value.metadata["target"]} if "target" in value.metadata else {}),
        "type": kind.type,
        "isDemo": False,
        "extraInfo": {},
        "createdAt": moment(value.created_at),
    }


def version(value: ConnectorVersion, kind: Factory) -> dict[str, Any]:
    return {
        "id": value.id,
        "connector": value.connector.id,
        "connectorId": value.connector.factory,
        "config": kind.masked(value.connector.config),
        "endedAt": moment(value.ended_at),
    }


def list_entry(value: ListEntry) -> dict[str, Any]:
    return {
        "id": value.id,
        "verdict": value.verdict,
        "kind": value.kind,
        "value": value.value,
        "reason": value.reason,
        "createdAt": moment(value.created_at),
        "expiresAt": optional_moment(value.expires_at),
    }


def test_number(value: TestNumber) -> dict[str, Any]:
    """Without its code, which whoever chose it knows."""
    return {
        "phone": value.phone.e164,
        "createdAt": moment(value.created_at),
        "expiresAt": optional_moment(value.expires_at),
    }


def application(value: Application) -> dict[str, Any]:
    return {"id": value.id, "product": value.product, "createdAt": moment(value.created_at)}


def key(value: ApiKey) -> dict[str, Any]:
    return {
        "id": value.id,
        "application": value.application,
        "name": value.name,
        "scopes": sorted(value.scopes),
        "createdAt": moment(value.created_at),
        "expiresAt": optional_moment(value.expires_at),
        "revokedAt": optional_moment(value.revoked_at),
        "lastUsedAt": optional_moment(value.last_used_at),
    }
