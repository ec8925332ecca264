"""WhatsApp. What comes back and what its statuses are is documented nowhere, hence mappings as they came."""

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from typing import Literal

from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.wire import Request

Raw = Mapping[str, Any]


def whatsapp_send(
    *,
    sign: str,
    address: str,
    content_type: Literal["text", "image", "document", "video", "audio"],
    text: str | None = None,
    attachment_url: str | None = None,
    attachment_name: str | None = None,
    time_start: datetime | None = None,
    buttons: Sequence[Raw] | None = None,
    header: Raw | None = None,
    footer: Raw | None = None,
) -> Request[Raw]:
    """Send a WhatsApp message to `address`, a phone in digits. `buttons`, `header`, `footer` are for templates.

    Raises:
        ValueError: a field the provider can't take; the message never quotes it.

    """
    return Request(
        path="whatsapp/send",
        body={
            **asked.filled(sign=sign),
            "address": asked.digits(address),
            "contentType": content_type,
            **asked.given(
                text=text,
                attachmentUrl=attachment_url,
                attachmentName=attachment_name,
                timeStart=asked.unix(time_start),
                buttons=buttons,
                header=header,
                footer=footer,
            ),
        },
        read=answered.raw,
        repeatable=False,
        secrets=(*filter(None, [text]), address),
        subject=asked.subject([address]),
    )


def whatsapp_status(id: int) -> Request[Raw]:  # noqa: A002 - the provider's word
    """What became of a message."""
    return Request(
        path="whatsapp/status", body=asked.ids(id=id), read=answered.raw, repeatable=True, subject=f"id {id}"
    )


def whatsapp_chats(*, status: Literal[1, 2] | None = None, limit: int = 100, offset: int = 0) -> Request[Raw]:
    """The chats: open ones (1), closed ones (2), or both."""
    body = asked.given(status=status, limit=limit, offset=offset)
    return _read("whatsapp/get-chats", body)


def whatsapp_chat_messages(id: int) -> Request[Raw]:  # noqa: A002 - the provider's word
    """The messages of one chat."""
    return _read("whatsapp/get-chat-msg", dict(asked.ids(id=id)), subject=f"id {id}")


def whatsapp_messages(
    *,
    limit: int = 100,
    offset: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    address: str | None = None,
) -> Request[Raw]:
    """The messages of every chat, or of one `address` only."""
    body = asked.given(
        limit=limit,
        offset=offset,
        timeFrom=asked.unix(since),
        timeTo=asked.unix(until),
        address=None if address is None else asked.digits(address),
    )
    return _read("whatsapp/get-all-msg", body, secrets=tuple(filter(None, [address])))


def _read(path: str, body: Raw, *, secrets: tuple[str, ...] = (), subject: str = "") -> Request[Raw]:
    return Request(
        path=path,
        body=body,
        read=answered.raw,
        repeatable=True,
        secrets=secrets,
        subject=subject,
        reply_limit=answered.LONG,
    )
