"""Codes: made, put to rest, compared, and taken up again for a resend. In clear they exist only inside a `Secret`."""

import unicodedata

from aerocode.crypto import Keyring
from aerocode.crypto import Secret
from aerocode.crypto import new_code
from aerocode.model.decision import SealedCode
from aerocode.model.verification import Subject


class Codes:
    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def new(self, subject: Subject, verification_id: str, length: int) -> tuple[Secret, SealedCode]:
        code = new_code(length)
        return Secret(code), self._rest(subject, verification_id, code)

    def fixed(self, subject: Subject, verification_id: str, code: Secret) -> SealedCode:
        """The code of a test number, as it rests in that verification."""
        return self._rest(subject, verification_id, code.reveal())

    def take_up(self, verification_id: str, code: SealedCode) -> Secret:
        """The code of a pending verification, in order to send it again."""
        return Secret(self._open(verification_id, code.cipher))

    def seals(self, subject: Subject, verification_id: str, typed: str) -> tuple[bytes, ...]:
        """What the stored seal must be one of, for the typed code to be right."""
        return self._keyring.seals(*_bound(subject, verification_id, typed))

    def reseal(self, subject: Subject, verification_id: str, cipher: bytes) -> SealedCode:
        """The same code at rest under the primary key."""
        return self._rest(subject, verification_id, self._open(verification_id, cipher))

    def _rest(self, subject: Subject, verification_id: str, code: str) -> SealedCode:
        seal = self._keyring.seal(*_bound(subject, verification_id, code))
        cipher = self._keyring.encrypt(code.encode(), row=f"verification {verification_id}")
        return SealedCode(seal=seal, cipher=cipher)

    def _open(self, verification_id: str, cipher: bytes) -> str:
        return self._keyring.decrypt(cipher, row=f"verification {verification_id}").decode()


def _bound(subject: Subject, verification_id: str, code: str) -> tuple[str, ...]:
    # A code sent for one purpose, phone, application or attempt is a wrong code everywhere else.
    return subject.application, subject.usage_type, subject.phone.e164, verification_id, code


def normal(typed: str) -> str:
    """What was meant: people copy codes with spaces and hyphens, and keyboards type other alphabets' digits."""
    kept = "".join(letter for letter in unicodedata.normalize("NFKC", typed) if letter.isalnum())
    return "".join(str(unicodedata.digit(letter, letter)) for letter in kept)
