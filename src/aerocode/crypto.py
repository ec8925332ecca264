"""Keys, seals, encryption, ids, and all randomness and secret comparison of the house.

Nothing outside this module draws random bytes or compares secrets, so this is the page to read when judging either.
"""

import base64
import hashlib
import hmac
import itertools
import os
import secrets
import time
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from aerocode.errors import CannotDecrypt

_KEY_ID = 4  # bytes; tells keys apart, proves nothing
_NONCE = 12
_TICKET = 20  # bytes; 160 bits of an HMAC are far past guessing, and the address stays short
_SHORTEST_SECRET = 32
_PROCESS = [secrets.token_hex(4)]
_REQUESTS = itertools.count(1)


def _renew() -> None:
    """A worker is a copy of its parent, and must not count its requests under the same name."""
    _PROCESS[0] = secrets.token_hex(4)


os.register_at_fork(after_in_child=_renew)


@dataclass(frozen=True, slots=True, eq=False)
class Secret:
    """Text that never prints. `reveal()` is the one word to search for when asking where secrets go."""

    _text: str

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class _SubKeys:
    """The keys one master key yields, each for one purpose only."""

    id: bytes
    seal: hmac.HMAC
    """Keyed once and copied for each use: OpenSSL's one-shot call sets the key up each time and lets go of the
    interpreter's lock, which the store's thread then holds."""
    proof: hmac.HMAC
    ticket: hmac.HMAC
    box: AESGCM


@lru_cache(maxsize=64)
def _sub_keys(master: bytes) -> _SubKeys:
    return _SubKeys(
        id=_derive(master, "key id", _KEY_ID),
        seal=hmac.new(_derive(master, "code seal"), digestmod="sha256"),
        proof=hmac.new(_derive(master, "message text"), digestmod="sha256"),
        ticket=hmac.new(_derive(master, "ticket"), digestmod="sha256"),
        box=AESGCM(_derive(master, "encryption at rest")),
    )


def _derive(master: bytes, purpose: str, length: int = 32) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=f"aerocode {purpose} v1".encode()).derive(master)


class Keyring:
    """The installation's secret key, and the older ones that still open what they closed."""

    def __init__(self, primary: bytes, old: Sequence[bytes] = ()) -> None:
        self._primary = _sub_keys(primary)
        self._all = (self._primary, *(_sub_keys(key) for key in old))

    def lead_with(self, primary: bytes) -> None:
        """Close with this key from now on; what others closed still opens."""
        self._primary = _sub_keys(primary)
        self._all = (self._primary, *(key for key in self._all if key.id != self._primary.id))

    def seal(self, *parts: str) -> bytes:
        """An HMAC-SHA-256 over all parts, led by the id of its key: what is kept instead of a code."""
        return _sealed(self._primary, _framed(parts))

    def seals(self, *parts: str) -> tuple[bytes, ...]:
        """The seal of the same parts under every key that is still open, to look for a stored one among them."""
        framed = _framed(parts)
        return tuple([_sealed(key, framed) for key in self._all])

    def proof(self, *parts: str) -> bytes:
        """An HMAC-SHA-256 over the parts of a message: tells its text again, and nothing of the text to a reader."""
        return self._primary.id + _digest(self._primary.proof, _framed(parts))

    def proves(self, proof: bytes, *parts: str) -> bool:
        """Whether `proof` was made of these parts, under a key that is still open."""
        framed = _framed(parts)
        return any(same(proof, key.id + _digest(key.proof, framed)) for key in self._all if key.id == proof[:_KEY_ID])

    def ticket(self, *parts: str) -> str:
        """32 characters that nobody can make for these parts but us; fit for an address."""
        return _ticket(self._primary, parts)

    def admits(self, ticket: str, *parts: str) -> bool:
        """Whether the ticket was made for these parts, under a key that is still open."""
        given = ticket.encode("utf-8", "replace")
        return any(same(given, _ticket(key, parts).encode()) for key in self._all)

    def encrypt(self, plain: bytes, *, row: str) -> bytes:
        """AES-256-GCM bound to `row`: copied into another row, the ciphertext no longer opens."""
        nonce = _drawn(_NONCE)
        return self._primary.id + nonce + self._primary.box.encrypt(nonce, plain, row.encode())

    def decrypt(self, stored: bytes, *, row: str) -> bytes:
        """Raises CannotDecrypt when no key at hand closed it, or when it was closed for another row."""
        nonce, body = stored[_KEY_ID : _KEY_ID + _NONCE], stored[_KEY_ID + _NONCE :]
        for key in self._all:
            if key.id == stored[:_KEY_ID]:
                try:
                    return key.box.decrypt(nonce, body, row.encode())
                except (InvalidTag, ValueError) as cause:  # ValueError: cut off inside the nonce
                    raise CannotDecrypt from cause
        raise CannotDecrypt

    def is_current(self, stored: bytes) -> bool:
        """Whether the primary key closed or sealed this."""
        return stored[:_KEY_ID] == self._primary.id


class Pseudonyms:
    """What stands in a row for a phone that is not kept: tells equal from different, and nothing else.

    The key lies encrypted in the database and never changes: a row can't be given another name without its phone, and a
    rotation that lost the rows would give their guesses back.
    """

    def __init__(self, key: bytes) -> None:
        self._keyed = hmac.new(key, digestmod="sha256")

    def of(self, phone: str) -> str:
        return f"~{_digest(self._keyed, phone.encode())[:16].hex()}"


def _framed(parts: Iterable[str]) -> bytes:
    # Each part is led by its length, or ("ab", "c") and ("a", "bc") would seal alike. What a provider sends back may
    # hold half a character, which has no bytes of its own.
    framed = b""
    for part in parts:
        data = part.encode("utf-8", "replace")
        framed += len(data).to_bytes(4, "big") + data
    return framed


def _sealed(key: _SubKeys, framed: bytes) -> bytes:
    return key.id + _digest(key.seal, framed)


def _digest(keyed: hmac.HMAC, data: bytes) -> bytes:
    mac = keyed.copy()
    mac.update(data)
    return mac.digest()


#: Random bytes drawn ahead, a piece for each use; `pop` gives a piece to one caller only, whatever the thread.
_ahead: list[bytes] = []
_PIECE = 16
os.register_at_fork(after_in_child=_ahead.clear)


def _drawn(size: int) -> bytes:
    """At most 16 random bytes for what need not stay secret: ids and nonces. Codes, tokens and keys are drawn fresh."""
    while True:
        try:
            return _ahead.pop()[:size]
        except IndexError:
            fresh = secrets.token_bytes(256 * _PIECE)
            _ahead.extend([fresh[at : at + _PIECE] for at in range(0, len(fresh), _PIECE)])


def _ticket(key: _SubKeys, parts: Iterable[str]) -> str:
    return base64.b32hexencode(_digest(key.ticket, _framed(parts))[:_TICKET]).decode().lower()


def new_code(length: int) -> str:
    """`length` decimal digits, each of the 10**length equally likely (`randbelow` rejects the biased tail)."""
    return f"{secrets.randbelow(10**length):0{length}d}"


_BASE32 = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_SHIFTS = range(120, -1, -10)


def new_id() -> str:
    """26 characters that sort by the time they were made: 48 bits of milliseconds, 80 random ones.

    Neighbours in time are neighbours in the index, which halves what an insert costs.
    """
    number = (int(time.time() * 1000) << 80 | int.from_bytes(_drawn(10), "big")) << 2
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def new_short_id() -> str:
    """12 characters, for connectors: the form Logto's own ids have."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(12))


def new_request_id() -> str:
    """Tells requests apart in the log; nothing depends on its being hard to guess."""
    return f"{_PROCESS[0]}{next(_REQUESTS):08x}"


def new_token() -> str:
    """256 random bits, for API keys and the control file."""
    return secrets.token_urlsafe(32)


def new_master_key() -> bytes:
    return secrets.token_bytes(_SHORTEST_SECRET)


def fingerprint(token: str) -> bytes:
    """What is stored of a token of 256 random bits: nothing can be guessed from its SHA-256, and it outlives keys."""
    return hashlib.sha256(token.encode()).digest()


def same(one: bytes, other: bytes) -> bool:
    return hmac.compare_digest(one, other)
