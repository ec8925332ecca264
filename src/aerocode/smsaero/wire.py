"""The SMS Aero v2 protocol without any network: what a request is made of, and what a reply means.

Sending is strict (exactly the keys the provider names, digits only), reading is lenient (see `decode`).
"""

import json
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Any
from typing import Generic
from typing import TypeVar

from aerocode.smsaero import decode
from aerocode.smsaero.errors import Facts
from aerocode.smsaero.errors import InvalidField
from aerocode.smsaero.errors import IpNotAllowed
from aerocode.smsaero.errors import NotEnoughMoney
from aerocode.smsaero.errors import ProviderFault
from aerocode.smsaero.errors import RateLimited
from aerocode.smsaero.errors import Rejected
from aerocode.smsaero.errors import SmsAeroError
from aerocode.smsaero.errors import Undecodable
from aerocode.smsaero.errors import WrongCredentials
from aerocode.smsaero.model import Credentials

T = TypeVar("T")

USER_AGENT = "aerocode"
LONGEST_WAIT = 86_400  # seconds of Retry-After worth believing


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[T]):
    """One call: an endpoint is nothing but a function that returns one of these (see `endpoints`)."""

    path: str
    """After `/v2/`, such as `sms/send`; a list has its page in it, such as `sms/list?page=2`."""
    body: Mapping[str, Any] = field(repr=False)
    """Anything JSON can say."""
    read: Callable[[Any], T | None] = field(repr=False)
    """Turns `data` of an accepted reply into the result; None when `data` is unusable."""
    repeatable: bool
    """True for reads. A send is not: the provider has no idempotency key."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What no error may quote, whatever the provider says: the text, the number."""
    subject: str = ""
    """What the request is about, safe for an error text: a masked number or an id."""
    reply_limit: int = 65_536
    """Bytes; a longer reply is none. One message has a few hundred, a page of fifty some hundred thousand."""

    def encode(self) -> bytes:
        """The JSON body; ASCII, so that no text can fail to encode."""
        return json.dumps(self.body, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a gate answered, undecoded."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str | None = None
    gate: str | None = None
    when: datetime | None = None


def headers(credentials: Credentials) -> dict[str, str]:
    """Headers of every request. `identity` keeps the limit on a reply's length meaningful."""
    return {
        "Authorization": credentials.header(),
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": USER_AGENT,
    }


def written(request: Request[Any], credentials: Credentials, *, host: str, base: str = "") -> bytes:
    """The whole request as it goes over the wire. `base` leads the path and `host` is what `Host` says."""
    body = request.encode()
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers(credentials).items())
    head = f"POST {base}/v2/{request.path} HTTP/1.1\r\nHost: {host}\r\n{fields}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def read_reply(request: Request[T], reply: Reply, *, secrets: Sequence[str] = ()) -> T:
    """The result the reply carries.

    Accepted is a 2xx with a valid envelope and `success` strictly true; refused is a valid envelope with a 4xx, or
    with a 2xx and `success` false; everything else is unsettled, since the SMS may be on its way. `secrets` are kept
    out of the errors besides the request's own.

    Raises:
        Refused: in one of its kinds, nothing was sent.
        Unsettled: a 5xx (`ProviderFault`), or no valid envelope (`Undecodable`).

    """
    secrets = (*request.secrets, *secrets)
    envelope = _envelope(reply.body)
    if reply.status >= 500:
        words = envelope.get("message") if envelope else None
        raise _known(ProviderFault, request, reply)(provider_message=decode.message(words, secrets=secrets))
    if not 200 <= reply.status < 300 and not 400 <= reply.status < 500:
        raise _known(Undecodable, request, reply)("an answer of this kind is not expected")
    if envelope is None:
        raise _known(Undecodable, request, reply)("no valid envelope")
    if reply.status >= 400 or not envelope["success"]:
        raise _refusal(request, reply, envelope, secrets)
    result = request.read(envelope.get("data"))
    if result is None:
        raise _known(Undecodable, request, reply)("accepted, but the answer lacks what was asked for")
    return result


def _envelope(body: bytes) -> dict[str, Any] | None:
    """A JSON object whose `success` is a boolean; `"true"` or 1 is not the provider speaking."""
    try:
        envelope = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError):
        # Deep nesting, exponents beyond Decimal and integers beyond 4,300 digits each fail in a way of their own.
        return None
    return envelope if isinstance(envelope, dict) and isinstance(envelope.get("success"), bool) else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


@dataclass(frozen=True, slots=True)
class _Meaning:
    error: type[SmsAeroError]
    status: int | None = None
    says: str | None = None

    def fits(self, status: int, said: str) -> bool:
        return self.status in (None, status) and (self.says is None or self.says in said)


# First row that fits. 404 alone means nothing: the provider gives it to an unknown method too.
_MEANINGS = (
    _Meaning(WrongCredentials, status=401),
    _Meaning(WrongCredentials, says="invalid credentials"),
    _Meaning(NotEnoughMoney, status=402),
    _Meaning(NotEnoughMoney, says="not enough money"),
    _Meaning(IpNotAllowed, says="invalid ip-address"),
    _Meaning(RateLimited, status=429),
    _Meaning(Rejected),
)


def _refusal(request: Request[Any], reply: Reply, envelope: Mapping[str, Any], secrets: Sequence[str]) -> SmsAeroError:
    words = decode.message(envelope.get("message"), secrets=secrets)
    meaning = next(row for row in _MEANINGS if row.fits(reply.status, (words or "").casefold()))
    extra: dict[str, Any] = {}
    error = meaning.error
    if error is RateLimited:
        extra["wait"] = _seconds(reply.retry_after)
    elif error is Rejected and (named := decode.fields(envelope.get("data"), secrets=secrets)):
        # 400 by the documentation; a success:false that names fields says the same whatever its number.
        error, extra["fields"] = InvalidField, named
    return _known(error, request, reply)(provider_message=words, **extra)


def _seconds(retry_after: str | None) -> int | None:
    wait = decode.whole((retry_after or "").strip())
    return None if wait is None else min(wait, LONGEST_WAIT)


def _known(error: type[SmsAeroError], request: Request[Any], reply: Reply) -> Callable[..., SmsAeroError]:
    facts = Facts(
        http_status=reply.status, gate=reply.gate, when=reply.when, path=request.path, subject=request.subject
    )

    def raised(*detail: str, **extra: Any) -> SmsAeroError:
        return error(*detail, **{**facts, **extra})

    return raised
