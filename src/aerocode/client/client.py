"""The API as Python: one method per route that people call, frozen results, one exception for every refusal."""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import Self
from urllib.parse import quote

import urllib3


class Unreachable(Exception):
    """Aerocode does not answer at its address."""


class Refused(Exception):
    """Aerocode refused; `code` is stable, `str()` is for people."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("message") or f"HTTP {status}")
        self.status = status
        self.code: str = problem.get("code", "")
        self.data: Mapping[str, Any] = problem.get("data") or {}
        self.details: str = problem.get("details", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Times are RFC 3339 strings, as on the wire; `raw` is the whole answer."""

    id: str
    phone: str
    usage_type: str
    status: str
    attempts_left: int
    expires_at: str
    resend_at: str
    message_id: str
    message_status: str
    raw: Mapping[str, Any] = field(repr=False)

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        return cls(
            id=body["id"],
            phone=body["phone"],
            usage_type=body["usageType"],
            status=body["status"],
            attempts_left=body["attemptsLeft"],
            expires_at=body["expiresAt"],
            resend_at=body["resendAt"],
            message_id=body["message"]["id"],
            message_status=body["message"]["status"],
            raw=body,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`cost` is roubles as a decimal string; `raw` is the whole answer with its timeline."""

    id: str
    status: str
    reason: str | None
    gate_id: str | None
    sender: str | None
    segments: int | None
    cost: str | None
    timeline: Sequence[Mapping[str, str]]
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def final(self) -> bool:
        return self.status in {"delivered", "undelivered", "rejected", "failed"}

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        return cls(
            id=body["id"],
            status=body["status"],
            reason=body["reason"],
            gate_id=body["gateId"],
            sender=body["sender"],
            segments=body["segments"],
            cost=body["cost"],
            timeline=body["timeline"],
            raw=body,
        )


class Aerocode:
    """Not shared between threads. `timeout` is seconds for one call, longer than the server's own time for a send.

    Every method raises Refused or Unreachable.
    """

    def __init__(self, address: str, key: str, *, timeout: float = 75.0) -> None:
        self._pool = urllib3.PoolManager(
            headers={"authorization": f"Bearer {key}"}, timeout=urllib3.Timeout(total=timeout), retries=False
        )
        self._address = address.rstrip("/")

    def close(self) -> None:
        self._pool.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, phone: str, *, usage_type: str = "Generic", session: str = "", locale: str = "") -> Verification:
        body = {"phone": phone, "usageType": usage_type, "session": session, "locale": locale}
        return Verification.read(self._ask("POST", "/api/verifications", body))

    def check(self, verification_id: str, code: str, *, session: str = "") -> Mapping[str, Any]:
        """The approved verification; a code that does not approve is a Refused."""
        answer = self._ask(
            "POST", f"/api/verifications/{_quoted(verification_id)}/check", {"code": code, "session": session}
        )
        return _mapping(answer)

    def message(self, message_id: str) -> Message:
        return Message.read(self._ask("GET", f"/api/messages/{_quoted(message_id)}"))

    def test_connector(self, factory: str, config: Mapping[str, Any], phone: str) -> str:
        """Send a test message; its id."""
        _, headers = self._call("POST", f"/api/connectors/{_quoted(factory)}/test", {"phone": phone, "config": config})
        return str(headers["location"]).rsplit("/", 1)[-1]

    def check_connector(self, factory: str, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """`faults`, `warnings`, and `account`: the warnings that only the account itself can give."""
        return _mapping(self._ask("POST", f"/api/connectors/{_quoted(factory)}/check", {"config": config}))

    def save_connector(self, factory: str, config: Mapping[str, Any]) -> Mapping[str, Any]:
        return _mapping(self._ask("POST", "/api/connectors", {"connectorId": factory, "config": config}))

    def connectors(self) -> Sequence[Mapping[str, Any]]:
        return list(self._ask("GET", "/api/connectors"))

    def connector_versions(self) -> Sequence[Mapping[str, Any]]:
        """The configs that were live once, newest first."""
        return list(_mapping(self._ask("GET", "/api/connector-versions"))["versions"])

    def restore_connector(self, connector: str, version: str) -> Mapping[str, Any]:
        path = f"/api/connectors/{_quoted(connector)}/restore"
        return _mapping(self._ask("POST", path, {"version": version}))

    def applications(self) -> Sequence[Mapping[str, Any]]:
        return list(self._ask("GET", "/api/applications"))

    def application(self, application: str) -> Mapping[str, Any]:
        return _mapping(self._ask("GET", f"/api/applications/{_quoted(application)}"))

    def add_application(self, application: str, product: str) -> Mapping[str, Any]:
        return _mapping(self._ask("POST", "/api/applications", {"id": application, "product": product}))

    def keys(self, application: str) -> Sequence[Mapping[str, Any]]:
        return list(self._ask("GET", f"/api/applications/{_quoted(application)}/keys"))

    def add_key(
        self, application: str, name: str, scopes: Sequence[str], expires_at: str | None = None
    ) -> Mapping[str, Any]:
        """With `key`, its text, which is never shown again."""
        body = {"name": name, "scopes": list(scopes), "expiresAt": expires_at}
        return _mapping(self._ask("POST", f"/api/applications/{_quoted(application)}/keys", body))

    def revoke_key(self, application: str, key_id: str) -> None:
        self._ask("DELETE", f"/api/applications/{_quoted(application)}/keys/{_quoted(key_id)}")

    def unlock(self, phone: str, reason: str, application: str | None = None) -> Mapping[str, Any]:
        """End the stop of a phone's guesses; no guess comes back."""
        body = {"phone": phone, "application": application, "reason": reason}
        return _mapping(self._ask("POST", "/api/unlocks", body))

    def list_entries(self) -> Sequence[Mapping[str, Any]]:
        return list(self._ask("GET", "/api/lists"))

    def add_list_entry(
        self, verdict: str, kind: str, value: str, reason: str, expires_at: str | None = None
    ) -> Mapping[str, Any]:
        """`verdict` is block or allow, `kind` phone, prefix or network."""
        body = {"verdict": verdict, "kind": kind, "value": value, "reason": reason, "expiresAt": expires_at}
        return _mapping(self._ask("POST", "/api/lists", body))

    def remove_list_entry(self, entry_id: str, reason: str = "") -> None:
        self._ask("DELETE", f"/api/lists/{_quoted(entry_id)}?reason={_quoted(reason)}")

    def test_numbers(self) -> Sequence[Mapping[str, Any]]:
        return list(self._ask("GET", "/api/test-numbers"))

    def add_test_number(
        self, phone: str, code: str, expires_at: str | None = None, reason: str = ""
    ) -> Mapping[str, Any]:
        body = {"phone": phone, "code": code, "expiresAt": expires_at, "reason": reason}
        return _mapping(self._ask("POST", "/api/test-numbers", body))

    def remove_test_number(self, phone: str, reason: str = "") -> None:
        self._ask("DELETE", f"/api/test-numbers/{_quoted(phone)}?reason={_quoted(reason)}")

    def control(self, what: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What only the command line beside the server may ask: `purge`, `erase`, `backup`, `rotate`, `balance`."""
        return _mapping(self._ask("POST", f"/control/{what}", body or {}))

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._call(method, path, body)[0]

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[Any, Mapping[str, str]]:
        raw = None if body is None else json.dumps(body).encode()
        headers = {**self._pool.headers, **({} if raw is None else {"content-type": "application/json"})}
        try:
            reply = self._pool.request(method, f"{self._address}{path}", body=raw, headers=headers)
        except urllib3.exceptions.HTTPError as cause:
            raise Unreachable(f"Aerocode does not answer at {self._address}.") from cause
        answer = _decoded(reply.data)
        if not 200 <= reply.status < 300:
            raise Refused(reply.status, answer if isinstance(answer, dict) else {})
        return answer, reply.headers


def _quoted(name: str) -> str:
    return quote(name, safe="")


def _decoded(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None


def _mapping(answer: Any) -> Mapping[str, Any]:
    return answer if isinstance(answer, dict) else {}
