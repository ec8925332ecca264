"""The client as a user types it. Read by mypy, never run: `test_smsaero_typing.py`."""

from collections.abc import AsyncIterator
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import UTC
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import assert_type

from aerocode.smsaero import GATES
from aerocode.smsaero import Balance
from aerocode.smsaero import Blacklisted
from aerocode.smsaero import Callback
from aerocode.smsaero import CallStatus
from aerocode.smsaero import Card
from aerocode.smsaero import Charge
from aerocode.smsaero import Contact
from aerocode.smsaero import Credentials
from aerocode.smsaero import Group
from aerocode.smsaero import HlrCheck
from aerocode.smsaero import HlrStatus
from aerocode.smsaero import InvalidField
from aerocode.smsaero import IpNotAllowed
from aerocode.smsaero import Many
from aerocode.smsaero import MobileId
from aerocode.smsaero import MobileIdStatus
from aerocode.smsaero import NotEnoughMoney
from aerocode.smsaero import NumberOperator
from aerocode.smsaero import Operator
from aerocode.smsaero import Page
from aerocode.smsaero import Person
from aerocode.smsaero import PhoneCall
from aerocode.smsaero import ProviderFault
from aerocode.smsaero import RateLimited
from aerocode.smsaero import Refused
from aerocode.smsaero import Rejected
from aerocode.smsaero import Reply
from aerocode.smsaero import Request
from aerocode.smsaero import SentSms
from aerocode.smsaero import Sign
from aerocode.smsaero import SignOperator
from aerocode.smsaero import SignStatus
from aerocode.smsaero import SmsAero
from aerocode.smsaero import SmsAeroError
from aerocode.smsaero import SmsOptions
from aerocode.smsaero import SmsStatus
from aerocode.smsaero import SyncSmsAero
from aerocode.smsaero import SyncTransport
from aerocode.smsaero import Tariff
from aerocode.smsaero import TelegramCode
from aerocode.smsaero import TelegramStatus
from aerocode.smsaero import Transport
from aerocode.smsaero import Uncertain
from aerocode.smsaero import Undecodable
from aerocode.smsaero import Unreachable
from aerocode.smsaero import Unsettled
from aerocode.smsaero import ViberButton
from aerocode.smsaero import ViberCascade
from aerocode.smsaero import ViberMailing
from aerocode.smsaero import ViberRecipient
from aerocode.smsaero import ViberRecipientStatus
from aerocode.smsaero import ViberStatus
from aerocode.smsaero import WrongCredentials
from aerocode.smsaero import endpoints
from aerocode.smsaero import gate
from aerocode.smsaero import on_page
from aerocode.smsaero import read_callback
from aerocode.smsaero import read_reply

credentials = Credentials(email="me@example.com", api_key="key")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ONE, TWO = "79990000001", "79990000002"
Raw = Mapping[str, Any]
options: SmsOptions = {"callback_url": "https://example.com/", "callback_format": "JSON", "short_link": True}
person = Person(birthday=date(1990, 1, 1), sex="female")
button = ViberButton(image=b"", image_format="png", text="Open", link="https://example.com/")
cascade = ViberCascade(sign="SMS Aero", text="hi", timeout="0.5")


async def awaited() -> None:
    async with SmsAero(credentials) as client:
        assert_type(await client.balance(), Balance)
    async with Transport([gate("https://gate.smsaero.ru"), *GATES], timeout=5) as transport:
        client = SmsAero(credentials, transport=transport)
        assert_type(await client.auth(), Literal[True])
        assert_type(await client.balance(), Balance)
        assert_type(await client.balance_add(amount=100, card_id=1, confirm=True), Charge)
        assert_type(await client.cards(), tuple[Card, ...])
        assert_type(await client.tariffs(), tuple[Tariff, ...])
        assert_type(await client.send(number=ONE, sign="SMS Aero", text="hi", **options), SentSms)
        assert_type(
            await client.send_many(numbers=[ONE, TWO], sign="SMS Aero", text="hi", date_send=NOW), Many[SentSms]
        )
        assert_type(await client.status(1), SentSms)
        assert_type(client.messages(number=ONE), AsyncIterator[SentSms])
        assert_type(await client.test_send(number=ONE, sign="SMS Aero", text="hi"), SentSms)
        assert_type(await client.test_send_many(numbers=[ONE, TWO], sign="SMS Aero", text="hi"), Many[SentSms])
        assert_type(await client.test_status(1), SentSms)
        assert_type(client.test_messages(), AsyncIterator[SentSms])
        assert_type(client.sign_list(), AsyncIterator[Sign])
        assert_type(await client.sign_add(name="Name"), Raw)
        assert_type(await client.hlr_check(number=ONE), HlrCheck)
        assert_type(await client.hlr_check_many(numbers=[ONE]), Many[HlrCheck])
        assert_type(await client.hlr_status(1), HlrCheck)
        assert_type(await client.number_operator(number=ONE), NumberOperator)
        assert_type(await client.number_operator_many(numbers=[ONE]), Many[NumberOperator])
        assert_type(await client.telegram_send(number=ONE, code="0134"), TelegramCode)
        assert_type(await client.telegram_send_many(numbers=[ONE], code="0134"), Many[TelegramCode])
        assert_type(await client.telegram_status(1), TelegramCode)
        assert_type(await client.mobile_id_send(number=ONE, sign="SMSAero"), MobileId)
        assert_type(await client.mobile_id_status(1), MobileId)
        assert_type(await client.mobile_id_verify(id=1, code="0134", sign="SMSAero"), MobileId)
        assert_type(
            await client.viber_send(
                numbers=[ONE], sign="s", text="t", channel="CASCADE", button=button, cascade=cascade
            ),
            ViberMailing,
        )
        assert_type(client.viber_statistic(1), AsyncIterator[ViberRecipient])
        assert_type(client.viber_list(), AsyncIterator[ViberMailing])
        assert_type(await client.viber_sign_list(), tuple[Sign, ...])
        assert_type(await client.flashcall_send(phone=ONE, code="0134"), PhoneCall)
        assert_type(await client.flashcall_status(1), PhoneCall)
        assert_type(client.flashcall_list(), AsyncIterator[PhoneCall])
        assert_type(await client.voicecode_send(phone=ONE, code="0134"), PhoneCall)
        assert_type(await client.whatsapp_send(sign="s", address=ONE, content_type="text", text="t"), Raw)
        assert_type(await client.whatsapp_status(1), Raw)
        assert_type(await client.whatsapp_chats(status=1), Raw)
        assert_type(await client.whatsapp_chat_messages(1), Raw)
        assert_type(await client.whatsapp_messages(since=NOW), Raw)
        assert_type(await client.group_add(name="G"), Group)
        assert_type(await client.group_delete(1), Literal[True])
        assert_type(await client.group_delete_all(), Literal[True])
        assert_type(client.group_list(), AsyncIterator[Group])
        assert_type(await client.contact_add(number=ONE, person=person), Contact)
        assert_type(await client.contact_delete(1), Literal[True])
        assert_type(await client.contact_delete_all(), Literal[True])
        assert_type(client.contact_list(operator="MTS"), AsyncIterator[Contact])
        assert_type(await client.blacklist_add(number=ONE), Blacklisted)
        assert_type(await client.blacklist_add_many(numbers=[ONE]), Many[Blacklisted])
        assert_type(await client.blacklist_delete(1), Literal[True])
        assert_type(client.blacklist_list(), AsyncIterator[Blacklisted])


def blocking() -> None:
    with SyncSmsAero(credentials) as client:
        assert_type(client.balance(), Balance)
    with SyncTransport(GATES, timeout=5) as transport:
        client = SyncSmsAero(credentials, transport=transport)
        assert_type(client.auth(), Literal[True])
        assert_type(client.balance(), Balance)
        assert_type(client.balance_add(amount=100, card_id=1, confirm=True), Charge)
        assert_type(client.cards(), tuple[Card, ...])
        assert_type(client.tariffs(), tuple[Tariff, ...])
        assert_type(client.send(number=ONE, sign="SMS Aero", text="hi", **options), SentSms)
        assert_type(client.send_many(numbers=[ONE, TWO], sign="SMS Aero", text="hi", date_send=NOW), Many[SentSms])
        assert_type(client.status(1), SentSms)
        assert_type(client.messages(number=ONE), Iterator[SentSms])
        assert_type(client.test_send(number=ONE, sign="SMS Aero", text="hi"), SentSms)
        assert_type(client.test_send_many(numbers=[ONE, TWO], sign="SMS Aero", text="hi"), Many[SentSms])
        assert_type(client.test_status(1), SentSms)
        assert_type(client.test_messages(), Iterator[SentSms])
        assert_type(client.sign_list(), Iterator[Sign])
        assert_type(client.sign_add(name="Name"), Raw)
        assert_type(client.hlr_check(number=ONE), HlrCheck)
        assert_type(client.hlr_check_many(numbers=[ONE]), Many[HlrCheck])
        assert_type(client.hlr_status(1), HlrCheck)
        assert_type(client.number_operator(number=ONE), NumberOperator)
        assert_type(client.number_operator_many(numbers=[ONE]), Many[NumberOperator])
        assert_type(client.telegram_send(number=ONE, code="0134"), TelegramCode)
        assert_type(client.telegram_send_many(numbers=[ONE], code="0134"), Many[TelegramCode])
        assert_type(client.telegram_status(1), TelegramCode)
        assert_type(client.mobile_id_send(number=ONE, sign="SMSAero"), MobileId)
        assert_type(client.mobile_id_status(1), MobileId)
        assert_type(client.mobile_id_verify(id=1, code="0134", sign="SMSAero"), MobileId)
        assert_type(
            client.viber_send(numbers=[ONE], sign="s", text="t", channel="CASCADE", button=button, cascade=cascade),
            ViberMailing,
        )
        assert_type(client.viber_statistic(1), Iterator[ViberRecipient])
        assert_type(client.viber_list(), Iterator[ViberMailing])
        assert_type(client.viber_sign_list(), tuple[Sign, ...])
        assert_type(client.flashcall_send(phone=ONE, code="0134"), PhoneCall)
        assert_type(client.flashcall_status(1), PhoneCall)
        assert_type(client.flashcall_list(), Iterator[PhoneCall])
        assert_type(client.voicecode_send(phone=ONE, code="0134"), PhoneCall)
        assert_type(client.whatsapp_send(sign="s", address=ONE, content_type="text", text="t"), Raw)
        assert_type(client.whatsapp_status(1), Raw)
        assert_type(client.whatsapp_chats(status=1), Raw)
        assert_type(client.whatsapp_chat_messages(1), Raw)
        assert_type(client.whatsapp_messages(since=NOW), Raw)
        assert_type(client.group_add(name="G"), Group)
        assert_type(client.group_delete(1), Literal[True])
        assert_type(client.group_delete_all(), Literal[True])
        assert_type(client.group_list(), Iterator[Group])
        assert_type(client.contact_add(number=ONE, person=person), Contact)
        assert_type(client.contact_delete(1), Literal[True])
        assert_type(client.contact_delete_all(), Literal[True])
        assert_type(client.contact_list(operator="MTS"), Iterator[Contact])
        assert_type(client.blacklist_add(number=ONE), Blacklisted)
        assert_type(client.blacklist_add_many(numbers=[ONE]), Many[Blacklisted])
        assert_type(client.blacklist_delete(1), Literal[True])
        assert_type(client.blacklist_list(), Iterator[Blacklisted])


def without_a_network() -> None:
    request = endpoints.sms_list(number=ONE)
    assert_type(request, Request[Page[SentSms]])
    assert_type(on_page(request, 2), Request[Page[SentSms]])
    page = read_reply(request, Reply(status=200, body=b""), secrets=credentials.secrets())
    assert_type(page.items, tuple[SentSms, ...])
    assert_type(page.next, int | None)
    report = read_callback(b"id=1&status=1")
    assert_type(report, Callback | None)


def results(
    sms: SentSms, many: Many[SentSms], sign: Sign, charge: Charge, contact: Contact, session: MobileId, call: PhoneCall,
    mailing: ViberMailing, recipient: ViberRecipient, code: TelegramCode, check: HlrCheck, tariff: Tariff, card: Card,
) -> None:  # fmt: skip
    assert_type(sms.status, SmsStatus)
    assert_type(sms.status.final, bool)
    assert_type(sms.cost, Decimal | None)
    assert_type(sms.created_at, datetime | None)
    assert_type(many[ONE], SentSms)
    assert_type(many.answers, Mapping[str, SentSms])
    assert_type(many.unanswered, tuple[str, ...])
    assert_type(sign.operators, tuple[SignOperator, ...])
    assert_type(sign.status, SignStatus | None)
    assert_type(charge.amount, Decimal)
    assert_type(contact.operator, Operator | None)
    assert_type(contact.groups, tuple[Group, ...])
    assert_type(session.status, MobileIdStatus | None)
    assert_type(session.verified, bool)
    assert_type(call.status, CallStatus | None)
    assert_type(mailing.status, ViberStatus | None)
    assert_type(recipient.status, ViberRecipientStatus | None)
    assert_type(code.status, TelegramStatus | None)
    assert_type(check.status, HlrStatus | None)
    assert_type(tariff.prices, Mapping[str, Decimal])
    assert_type(card.id, int)


def errors(client: SyncSmsAero) -> None:
    try:
        client.auth()
    except (WrongCredentials, NotEnoughMoney, IpNotAllowed, Rejected) as error:
        assert_type(error.permanent, bool)
    except InvalidField as error:
        assert_type(error.fields, dict[str, tuple[str, ...]])
    except RateLimited as error:
        assert_type(error.wait, int | None)
    except (ProviderFault, Undecodable, Uncertain) as error:
        assert_type(error.when, datetime | None)
    except (Refused, Unsettled, Unreachable) as error:
        assert_type(error.uncertain, bool)
    except SmsAeroError as error:
        assert_type(error.provider_message, str | None)


def wrong(client: SmsAero, sync: SyncSmsAero) -> None:
    client.send(number=ONE, sign="SMS Aero")  # type: ignore[call-arg, unused-coroutine]
    sync.send(number=ONE, sign="SMS Aero", text=482913)  # type: ignore[arg-type]
    sync.send(number=ONE, sign="SMS Aero", text="hi", callback_format="XML")  # type: ignore[arg-type]
    sync.balance().amount = Decimal(1)  # type: ignore[misc]
    sync.viber_send(numbers=[ONE], sign="s", text="t", channel="SMS")  # type: ignore[arg-type]
