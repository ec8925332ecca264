"""Delivery reports: what SMS Aero posts to a `callbackUrl`, as a form or as JSON.

Nothing in a report says who sent it, so the address must be unguessable, and `status` should be asked when the answer
matters. The provider wants HTTP 200; whether it repeats a report, and in which order reports come, is not documented.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from urllib.parse import parse_qsl

from aerocode.smsaero import decode

LONGEST = 65_536  # bytes; a real report has under a hundred
_MOST_FIELDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One report. What is missing or unreadable is None or empty."""

    id: int | None
    """Of the `SentSms`, `MobileId` or whatever the `callbackUrl` was given with."""
    status: int | None
    """By the numbers of what it is about: `SmsStatus(report.status)` for an SMS, `MobileIdStatus(…)` for Mobile ID."""
    extend_status: str
    """The provider's word for the status, such as `delivery`."""
    fields: Mapping[str, Any] = field(repr=False)
    """All that came, documented or not. May hold a phone number."""


def read_callback(body: bytes) -> Callback | None:
    """The report in a request's body, in either shape; None when it tells neither an id nor a status.

    The shape is known by how the body begins, not by its content type. A query string without its question mark can
    be read too.
    """
    if len(body) > LONGEST:
        return None
    body = body.removeprefix(BOM_UTF8)
    fields = _json(body) if body.lstrip()[:1] in (b"{", b"[") else _form(body)
    report_id, status = decode.whole(fields.get("id")), decode.whole(fields.get("status"))
    if not report_id and status is None:
        return None
    return Callback(
        id=report_id or None,
        status=status,
        extend_status=decode.words(fields.get("extendStatus")),
        fields=fields,
    )


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    return given if isinstance(given, dict) else {}


def _form(body: bytes) -> Mapping[str, str]:
    try:
        text = body.decode("utf-8", "replace").strip()
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:  # too many fields
        return {}
