"""What a message takes along, and leaves behind, to be told apart later: its callback address and its proof."""

from aerocode.crypto import Keyring

CALLBACKS = "/callbacks/smsaero"
_ID = 26  # characters of a message's id


class Traces:
    """`public_url` is where the world reaches us; without one no message has a callback address."""

    def __init__(self, keyring: Keyring, public_url: str | None = None) -> None:
        self._keyring = keyring
        self._root = None if public_url is None else f"{public_url}{CALLBACKS}/"

    def callback_url(self, message_id: str) -> str | None:
        """Where the gate tells of this message alone. Whoever was not given the address can't make it."""
        return None if self._root is None else f"{self._root}{message_id}{self._keyring.ticket('callback', message_id)}"

    def called_about(self, token: str) -> str | None:
        """The id of the message whose callback address ends with this, if any does."""
        message_id = token[:_ID]
        return message_id if self._keyring.admits(token[_ID:], "callback", message_id) else None

    def proof(self, number: str, text: str) -> bytes:
        """What tells a message in the provider's list from others, without holding any of it."""
        return self._keyring.proof(number, _bare(text))

    def proves(self, proof: bytes, number: str, text: str) -> bool:
        return self._keyring.proves(proof, number, _bare(text))

    def account(self, email: str) -> str:
        """Tells accounts of the provider apart and names none."""
        return self._keyring.ticket("account", email)

    def is_account(self, account: str, email: str) -> bool:
        return self._keyring.admits(account, "account", email)


def _bare(text: str) -> str:
    # Nobody knows what the provider does to the spaces of a text before it lists it.
    return " ".join(text.split())
