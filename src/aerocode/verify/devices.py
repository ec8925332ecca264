"""Tokens of devices that proved a phone: whoever holds one guesses from a pool of his own.

Bound to application and phone by a seal, so that it opens nothing else; how long it lasts is the store's to decide.
"""

import base64
import binascii
from datetime import UTC
from datetime import datetime
from datetime import timedelta

from aerocode.crypto import Keyring
from aerocode.crypto import same
from aerocode.phone import Phone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP = 8  # bytes of microseconds


class Devices:
    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def token(self, application: str, phone: Phone, since: datetime, *, test: bool = False) -> str:
        """`test` for the approval of a test number, which proves nothing once the number is an ordinary one."""
        stamp = ((since - _EPOCH) // timedelta(microseconds=1)).to_bytes(_STAMP, "big")
        seal = self._keyring.seal(*_bound(application, phone, stamp, test=test))
        return base64.urlsafe_b64encode(stamp + seal).decode()

    def since(self, application: str, phone: Phone, token: str, *, test: bool = False) -> datetime | None:
        """When the device was approved; None for a token that is not ours, or about something else.

        `test` says whether the phone is a test number now: whoever knew its code must not pass for its owner later.
        """
        if not token:
            return None
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii", "replace"))
        except (binascii.Error, ValueError):
            return None
        stamp, seal = raw[:_STAMP], raw[_STAMP:]
        if not any(same(seal, ours) for ours in self._keyring.seals(*_bound(application, phone, stamp, test=test))):
            return None
        return _EPOCH + timedelta(microseconds=int.from_bytes(stamp, "big"))


def _bound(application: str, phone: Phone, stamp: bytes, *, test: bool) -> tuple[str, ...]:
    return "test device" if test else "device", application, phone.e164, stamp.hex()
