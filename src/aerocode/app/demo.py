"""The connector a sandbox begins with: the form's own default texts, for an account that exists nowhere."""

from collections.abc import Mapping
from typing import Any

from aerocode.connectors.texts import offered

DEMO_CONFIG: Mapping[str, Any] = {
    "email": "demo@example.com",
    "apiKey": "sandbox-api-key",
    "senderName": "SMS Aero",
    "templates": offered(),
}
