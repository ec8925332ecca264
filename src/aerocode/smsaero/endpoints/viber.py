"""Viber: a mailing to numbers or to a group of contacts, what became of it, and its sender names."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Any
from typing import Literal

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.endpoints.signs import Sign
from aerocode.smsaero.endpoints.signs import read_sign
from aerocode.smsaero.model import Page
from aerocode.smsaero.model import ViberRecipientStatus
from aerocode.smsaero.model import ViberStatus
from aerocode.smsaero.wire import Request

MOST_NUMBERS = 50
IMAGE_LIMIT = 300 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberButton:
    """A picture and a button under the text; the provider takes these only together."""

    image: bytes = field(repr=False)
    """At most 300 KiB."""
    image_format: Literal["png", "jpg", "gif"]
    text: str
    """At most 30 characters."""
    link: str

    def fields(self) -> dict[str, str]:
        """As they go out. Raises ValueError for what the provider can't take."""
        if not 0 < len(self.image) <= IMAGE_LIMIT:
            raise ValueError(f"a button's image must have 1 to {IMAGE_LIMIT} bytes")
        if not 0 < len(self.text) <= 30:
            raise ValueError("a button's text must have 1 to 30 characters")
        if not self.link.startswith(("http://", "https://")):
            raise ValueError("a button's link must be http or https")
        picture = f"{self.image_format}#{base64.b64encode(self.image).decode()}"
        return {"imageSource": picture, "textButton": self.text, "linkButton": self.link}


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberCascade:
    """The SMS for those whom Viber does not reach."""

    sign: str
    text: str = field(repr=False)
    channel: str | None = None
    """Was required once; newer clients of the provider leave it out."""
    price: int | None = None
    """The most it may cost; the provider decides when absent."""
    timeout: Literal["0.25", "0.5", "1", "3", "6", "12", "24"] | None = None
    """Hours to wait for Viber."""

    def fields(self) -> dict[str, Any]:
        """As they go out. Raises ValueError for what the provider can't take."""
        return {
            **asked.filled(signSms=self.sign, textSms=self.text),
            **asked.given(channelSms=self.channel, priceSms=self.price, timeout=self.timeout),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberMailing:
    """The repr holds neither number nor text."""

    id: int
    number: str = field(repr=False)
    """Empty when the mailing went to several."""
    count: int | None
    sign: str
    channel: str
    text: str = field(repr=False)
    cost: Decimal | None
    """Roubles."""
    status: ViberStatus | None
    extend_status: str
    created_at: datetime | None
    sent_at: datetime | None
    count_send: int | None
    count_delivered: int | None
    count_write: int | None
    """How many have read it."""
    count_undelivered: int | None
    count_error: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberRecipient:
    """What became of a mailing at one phone."""

    number: str = field(repr=False)
    status: ViberRecipientStatus | None
    extend_status: str
    """The provider's word: `send`, `write` (which means read), …"""
    sent_at: datetime | None


def viber_send(
    *,
    sign: str,
    text: str,
    channel: Literal["INFO", "OFFICIAL", "CASCADE"],
    numbers: Sequence[str] = (),
    group: int | Literal["all"] | None = None,
    button: ViberButton | None = None,
    cascade: ViberCascade | None = None,
    date_send: datetime | None = None,
    callback_url: str | None = None,
) -> Request[ViberMailing]:
    """Send one text by Viber, to at most 50 numbers or to a group of contacts. One answer describes the mailing.

    Raises:
        ValueError: a field the provider can't take, both or neither of `numbers` and `group`, or a cascade without
            the channel CASCADE or the other way round.

    """
    if (channel == "CASCADE") != (cascade is not None):
        raise ValueError("the channel CASCADE and a cascade go together")
    recipients, subject = _recipients(numbers, group)
    return Request(
        path="viber/send",
        body={
            **recipients,
            **asked.filled(sign=sign, channel=channel, text=text),
            **(button.fields() if button else {}),
            **(cascade.fields() if cascade else {}),
            **asked.given(dateSend=asked.unix(date_send)),
            **asked.callback(callback_url),
        },
        read=answered.one(_read_mailing),
        repeatable=False,
        secrets=(text, *([cascade.text] if cascade else []), *numbers),
        subject=subject,
    )


def viber_statistic(sending_id: int) -> Request[Page[ViberRecipient]]:
    """What became of a mailing at each recipient. `sending_id` is the id of a `ViberMailing`."""
    body = asked.ids(sendingId=sending_id)
    return answered.listing("viber/statistic", body, _read_recipient, subject=f"id {sending_id}")


def viber_list() -> Request[Page[ViberMailing]]:
    """The account's Viber mailings."""
    return answered.listing("viber/list", {}, _read_mailing)


def viber_sign_list() -> Request[tuple[Sign, ...]]:
    """The account's sender names for Viber."""
    return Request(path="viber/sign/list", body={}, read=answered.keyed(read_sign), repeatable=True)


def _recipients(numbers: Sequence[str], group: int | str | None) -> tuple[dict[str, Any], str]:
    if bool(numbers) == (group is not None):
        raise ValueError("either numbers or a group must be given, and not both")
    if group is not None:
        return {"groupId": group if group == "all" else asked.ids(group=int(group))["group"]}, f"group {group}"
    listed = asked.several(numbers, most=MOST_NUMBERS)
    return ({"number": listed[0]} if len(listed) == 1 else {"numbers": listed}), asked.subject(listed)


def _read_mailing(item: Item) -> ViberMailing | None:
    mailing_id = decode.whole(item.get("id"))
    if not mailing_id:
        return None
    return ViberMailing(
        id=mailing_id,
        number=answered.phone(item, "number"),
        count=decode.whole(item.get("count")),
        sign=decode.words(item.get("sign")),
        channel=decode.words(item.get("channel")),
        text=decode.words(item.get("text")),
        cost=decode.money(item.get("cost")),
        status=answered.status(ViberStatus, item),
        extend_status=decode.words(item.get("extendStatus")),
        created_at=decode.moment(item.get("dateCreate")),
        sent_at=decode.moment(item.get("dateSend")),
        count_send=decode.whole(item.get("countSend")),
        count_delivered=decode.whole(item.get("countDelivered")),
        count_write=decode.whole(item.get("countWrite")),
        count_undelivered=decode.whole(item.get("countUndelivered")),
        count_error=decode.whole(item.get("countError")),
    )


def _read_recipient(item: Item) -> ViberRecipient | None:
    number = answered.phone(item, "number")
    if not number:
        return None
    return ViberRecipient(
        number=number,
        status=answered.status(ViberRecipientStatus, item),
        extend_status=decode.words(item.get("extendStatus")),
        sent_at=decode.moment(item.get("dateSend")),
    )
