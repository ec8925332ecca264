"""SMS Aero's side of a send: the account's config, what a send looks like, and what the gate replies."""

import itertools
import json
import re
import time

from benchmarks.adapter import Delivery

SEND = "/v2/sms/send"

_TEXT = "Ваш код подтверждения: {{code}}"
CONFIG = {
    "email": "bench@example.com",
    "apiKey": "a-key-of-nobody",
    "senderName": "SMS Aero",
    "templates": [
        {"usageType": usage, "content": _TEXT} for usage in ("Register", "SignIn", "ForgotPassword", "Generic")
    ],
}

_CODE = re.compile(r"\d{4,10}")
_ids = itertools.count(1)


def delivered(path: str, body: bytes) -> Delivery:
    """Raises ValueError for what is not one SMS with a code in it."""
    if path != SEND:
        raise ValueError(f"{path} is not a path of this gate")
    given = json.loads(body)
    found = _CODE.search(given["text"])
    if found is None:
        raise ValueError("no code in the text")
    return Delivery(phone=given["number"], code=found.group(), reply=_envelope(given))


def _envelope(given: dict[str, str]) -> bytes:
    now = int(time.time())
    sms = {
        "id": next(_ids),
        "from": given["sign"],
        "number": given["number"],
        "text": given["text"],
        "status": 0,
        "extendStatus": "queue",
        "channel": "FREE SIGN",
        "cost": 5.49,
        "dateCreate": now,
        "dateSend": now,
    }
    return json.dumps({"success": True, "data": sms, "message": None}).encode()
