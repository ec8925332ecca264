"""What only the account can tell about a config: whether its sender name is one of the account's, and may be used."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from aerocode import smsaero
from aerocode.errors import Fault

_log = logging.getLogger(__name__)

_PATIENCE = 3.0  # seconds; whoever saves a config waits for it
#: The free name that all accounts share, as SMS Aero's documentation and its own clients spell it.
_SHARED = "SMS Aero"
_MOST_NAMES = 200


async def warnings(config: Mapping[str, Any], transport: smsaero.Transport) -> list[Fault]:
    """Wants a config without faults. A gate that does not answer, or not soon, has nothing to warn of."""
    credentials = smsaero.Credentials(email=config["email"], api_key=config["apiKey"])
    try:
        async with asyncio.timeout(_PATIENCE):
            signs = await _signs(smsaero.SmsAero(credentials, transport=transport))
    except smsaero.WrongCredentials:
        message = "SMS Aero does not accept this e-mail and API key. Copy the key from settings/apikey of the cabinet."
        return [Fault(("apiKey",), "wrong_credentials", message)]
    except (smsaero.SmsAeroError, TimeoutError) as error:
        _log.info("the gate does not tell the account's sender names: %s", type(error).__name__)
        return []
    return _about(config["senderName"], signs)


async def _signs(client: smsaero.SmsAero) -> list[smsaero.Sign]:
    signs: list[smsaero.Sign] = []
    async for sign in client.sign_list():
        signs.append(sign)
        if len(signs) >= _MOST_NAMES:
            break
    return signs


def _about(sender: str, signs: list[smsaero.Sign]) -> list[Fault]:
    path = ("senderName",)
    same = next((sign for sign in signs if sign.name == sender), None)
    if same is None:
        alike = next((sign.name for sign in signs if _bare(sign.name) == _bare(sender)), None)
        if alike is None and _bare(sender) == _bare(_SHARED) and sender != _SHARED:
            alike = _SHARED  # it may be sent with although no account lists it as its own
        if alike is None and sender == _SHARED:
            return []
        names = ", ".join(sorted({sign.name for sign in signs})) or "none"
        advice = f"Did you mean “{alike}”?" if alike else f"It has: {names}."
        message = f"The account has no sender name “{sender}”. {advice}"
        return [Fault(path, "sender_not_listed", message, {"names": sorted({sign.name for sign in signs})})]
    if same.status is not None and same.status != smsaero.SignStatus.APPROVED:
        word = same.extend_status or f"status {int(same.status)}"
        message = f"The sender name “{sender}” is not approved yet ({word}): messages with it may be refused."
        return [Fault(path, "sender_not_approved", message)]
    held = sorted(
        operator.extend_operator
        for operator in same.operators
        if operator.extend_operator and operator.status not in {None, smsaero.SignStatus.APPROVED}
    )
    if held:
        message = f"The sender name “{sender}” is not approved yet by {', '.join(held)}."
        return [Fault(path, "sender_not_approved_everywhere", message, {"operators": held})]
    return []


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()
