"""How the SMS Aero connector presents itself: names, logo, the console's form, and the JSON Schema of its config."""

import json
from typing import Any
from urllib.parse import quote

from aerocode.connectors import texts
from aerocode.connectors.smsaero_config import EMAIL
from aerocode.connectors.smsaero_config import REQUIRED
from aerocode.connectors.smsaero_guide import GUIDE
from aerocode.model.states import UsageType

ID = "smsaero-short-message-service"
TYPE = "Sms"
TARGET = "smsaero-sms"

_SENDER = "SMS Aero"

_NAME = {"en": "SMS Aero", "ru": "SMS Aero", "fr": "SMS Aero"}
_DESCRIPTION = {
    "en": "Codes by SMS through your own SMS Aero account.",
    "ru": "Коды по SMS через ваш аккаунт SMS Aero.",
    "fr": "Des codes par SMS avec votre compte SMS Aero.",
}

#: A speech bubble with a tick, drawn for this project.
_LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<path fill="#1f7ae0" d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H14l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z"/>'
    '<path fill="none" stroke="#fff" stroke-width="3" d="M10 14l4 4 8-8"/></svg>'
)


def metadata() -> dict[str, Any]:
    """What Logto's clients read of a factory; a fresh value each time, so that no caller can change another's."""
    return {
        "id": ID,
        "target": TARGET,
        "platform": None,
        "name": dict(_NAME),
        "description": dict(_DESCRIPTION),
        "logo": f"data:image/svg+xml,{quote(_LOGO)}",
        "logoDark": None,
        "readme": GUIDE,
        "configTemplate": json.dumps(example(), ensure_ascii=False, indent=2),
        "formItems": form_items(),
    }


def example() -> dict[str, Any]:
    """A config that passes the guard as it stands, to begin from."""
    return {
        "email": "me@example.com",
        "apiKey": "<your API key>",
        "senderName": _SENDER,
        "templates": texts.offered(),
    }


def form_items() -> list[dict[str, Any]]:
    return [
        {"key": "email", "type": "Text", "label": "Email", "required": True, "placeholder": "me@example.com"},
        {
            "key": "apiKey",
            "type": "Text",
            "label": "API key",
            "required": True,
            "isConfidential": True,
            "placeholder": "<your API key>",
        },
        {"key": "senderName", "type": "Text", "label": "Sender name", "required": True, "placeholder": _SENDER},
        {
            "key": "templates",
            "type": "Json",
            "label": "Templates",
            "required": True,
            "defaultValue": texts.offered(),
        },
    ]


def schema() -> dict[str, Any]:
    """For editors: as strict as the guard is, apart from the mask of a shown key."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SMS Aero connector",
        "type": "object",
        "required": ["email", "apiKey", "senderName", "templates"],
        "properties": {
            "email": {
                "type": "string",
                "pattern": f"^{EMAIL}$",
                "description": "The e-mail of your SMS Aero account.",
            },
            "apiKey": _filled("An API key of that account: SMS Aero, Settings, API and SMPP."),
            "senderName": _filled("The sender people see, approved by SMS Aero: at most 11 Latin characters."),
            "templates": {
                "type": "array",
                "description": "The texts, one for each usage type and language. The first that fits is used.",
                "items": _template(),
                "allOf": [{"contains": _of_type(usage)} for usage in REQUIRED],
            },
        },
    }


def _filled(description: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "pattern": r"\S", "description": description}


def _of_type(usage: UsageType) -> dict[str, Any]:
    return {"type": "object", "required": ["usageType"], "properties": {"usageType": {"const": usage.value}}}


def _template() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["usageType", "content"],
        "properties": {
            "usageType": {
                "type": "string",
                "description": f"Why the code is sent: one of {', '.join(UsageType)}.",
                "examples": [usage.value for usage in UsageType],
            },
            "content": {
                "type": "string",
                "minLength": 1,
                "pattern": r"\{\{\s*code\s*\}\}",
                "description": "The text. {{code}} stands for the code, {{expiresIn}} for its life in minutes, "
                "{{appName}} for your product.",
            },
            "locale": {
                "description": 'A language tag such as "ru": the text is for people of that language.',
                "examples": ["en", "ru", "fr"],
            },
        },
    }
