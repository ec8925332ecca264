"""Every method of the provider: what it sends, and what the reference's own sample replies are read as."""

import contextlib
import json
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import timezone
from decimal import Decimal

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st
from test_smsaero_wire import json_values

from aerocode.smsaero import HlrStatus
from aerocode.smsaero import MobileIdStatus
from aerocode.smsaero import Operator
from aerocode.smsaero import Person
from aerocode.smsaero import Reply
from aerocode.smsaero import SignStatus
from aerocode.smsaero import SmsAeroError
from aerocode.smsaero import TelegramStatus
from aerocode.smsaero import Undecodable
from aerocode.smsaero import ViberButton
from aerocode.smsaero import ViberCascade
from aerocode.smsaero import ViberStatus
from aerocode.smsaero import endpoints
from aerocode.smsaero import read_reply

ONE, TWO, THREE = "79990000001", "79990000002", "79990000003"
CREATED = datetime(2018, 7, 23, 10, 41, 50, tzinfo=UTC)
SIGN, TEXT = "SMS Aero", "482913 is your code"
SMS = {"id": 5, "number": ONE, "text": TEXT, "status": 0, "cost": 2.2, "dateCreate": 1532342510}
VIBER = {
    "id": 1, "count": 3, "sign": "Hello!", "channel": "OFFICIAL", "text": TEXT, "cost": 2.25, "status": 1,
    "extendStatus": "moderation", "dateCreate": 1532342510, "dateSend": 1532342510, "countSend": 0,
    "countDelivered": 0, "countWrite": 0, "countUndelivered": 0, "countError": 0,
}  # fmt: skip
TELEGRAM = {
    "id": 1, "number": ONE, "telegramCode": "0134", "smsText": "", "smsFrom": SIGN, "idSms": None, "status": 0,
    "extendStatus": "queue", "cost": "1.00", "dateCreate": 1532342510,
}  # fmt: skip
MOBILE = {
    "id": 273, "number": ONE, "authType": "SMS", "codeSms": "", "status": 3, "cost": 0, "dateCreate": 1532342510,
    "dateSend": 1532342510,
}  # fmt: skip
CALL = {"id": 1, "status": 0, "code": "0134", "phone": ONE, "cost": "0.59", "timeCreate": 1532342510}
HLR = {"id": "9", "number": int(ONE), "hlrStatus": 4, "extendHlrStatus": "in work"}
OPERATOR = {"number": ONE, "operator": 5, "extendOperator": "BEELINE"}
CONTACT = {
    "id": "12", "number": int(ONE), "sex": "female", "lname": "Л", "fname": "Ф", "sname": "С", "param1": "a",
    "param2": "b", "param3": None, "operator": 4, "extendOperator": "MTS", "groups": [{"id": "7", "name": "G"}],
    "hlrStatus": 1, "extendHlrStatus": "available",
}  # fmt: skip
BLACK = {"id": "3", "number": ONE, "fname": None, "lname": "Л", "bday": None, "param": "a", "param2": None}
SIGNS = {
    "id": 4, "name": "SMS Aero", "status": 1, "extendStatus": "approve",
    "statusOperators": {"1": {"operator": 1, "extendOperator": "MEGAFON", "status": 0, "extendStatus": "moderation"}},
}  # fmt: skip
LINKS = {"self": "/v2/sms/list?page=1", "next": "/v2/sms/list?page=2"}

e = endpoints
#: A request, its path, its body, and the reference's `data` for it.
CALLS = [
    (e.auth(), "auth", {}, None),
    (e.balance(), "balance", {}, {"balance": 337.03}),
    (e.balance_add(amount=100, card_id=7, confirm=True), "balance/add", {"sum": 100, "cardId": 7}, {"sum": 100}),
    (e.cards(), "cards", {}, {"0": {"id": 7, "number": "Visa*****1234"}}),
    (e.tariffs(), "tariffs", {}, {"DIRECT": {"MEGAFON": "8.99", "MTS": 4}}),
    (e.sms_send(number=ONE, sign=SIGN, text=TEXT), "sms/send", {"number": ONE, "sign": SIGN, "text": TEXT}, SMS),
    (
        e.sms_send_many(numbers=[ONE, TWO], sign=SIGN, text=TEXT),
        "sms/send", {"numbers": [ONE, TWO], "sign": SIGN, "text": TEXT}, [{**SMS, "number": TWO}, SMS],
    ),
    (
        e.sms_test_send(number=ONE, sign=SIGN, text=TEXT),
        "sms/testsend", {"number": ONE, "sign": SIGN, "text": TEXT}, SMS,
    ),
    (
        e.sms_test_send_many(numbers=[ONE], sign=SIGN, text=TEXT),
        "sms/testsend", {"numbers": [ONE], "sign": SIGN, "text": TEXT}, [SMS],
    ),
    (e.sms_status(5), "sms/status", {"id": 5}, SMS),
    (e.sms_test_status(5), "sms/teststatus", {"id": 5}, SMS),
    (e.sms_list(number=ONE, text=TEXT), "sms/list?page=1", {"number": ONE, "text": TEXT}, {"0": SMS, "links": LINKS}),
    (e.sms_test_list(), "sms/testlist?page=1", {}, {"0": SMS, "links": {}, "totalCount": "1"}),
    (e.sign_list(), "sign/list?page=1", {}, {"0": SIGNS, "totalCount": "1"}),
    (e.sign_add(name="Newname"), "sign/add", {"name": "Newname"}, {"anything": 1}),
    (e.group_add(name="G"), "group/add", {"name": "G"}, {"id": 7, "name": "G", "count": 0}),
    (e.group_delete(7), "group/delete", {"id": 7}, None),
    (e.group_delete_all(), "group/delete-all", {}, None),
    (e.group_list(), "group/list?page=1", {}, {"0": {"id": "7", "name": "G", "countContacts": "2"}, "totalCount": "1"}),
    (
        e.contact_add(number=ONE, group_id=7, person=Person(birthday=date(1990, 1, 1), sex="female", lname="Л")),
        "contact/add",
        {"number": ONE, "groupId": 7, "birthday": 631152000, "sex": "female", "lname": "Л"}, CONTACT,
    ),
    (e.contact_delete(12), "contact/delete", {"id": 12}, None),
    (e.contact_delete_all(), "contact/delete-all", {}, None),
    (
        e.contact_list(number=ONE, group_id=7, operator="MTS", person=Person(fname="Ф")),
        "contact/list?page=1",
        {"number": ONE, "operator": "MTS", "groupId": 7, "fname": "Ф"}, {"0": CONTACT, "links": {}},
    ),
    (e.blacklist_add(number=ONE), "blacklist/add", {"number": ONE}, BLACK),
    (e.blacklist_add_many(numbers=[ONE]), "blacklist/add", {"numbers": [ONE]}, [BLACK]),
    (e.blacklist_delete(3), "blacklist/delete", {"id": 3}, None),
    (e.blacklist_list(number=ONE), "blacklist/list?page=1", {"number": ONE}, {"0": BLACK, "links": {}}),
    (e.hlr_check(number=ONE), "hlr/check", {"number": ONE}, HLR),
    (e.hlr_check_many(numbers=[ONE]), "hlr/check", {"numbers": [ONE]}, [HLR]),
    (e.hlr_status(9), "hlr/status", {"id": 9}, HLR),
    (e.number_operator(number=ONE), "number/operator", {"number": ONE}, OPERATOR),
    (e.number_operator_many(numbers=[ONE]), "number/operator", {"numbers": [ONE]}, [OPERATOR]),
    (
        e.viber_send(numbers=[ONE], sign="Hello!", channel="OFFICIAL", text=TEXT),
        "viber/send", {"number": ONE, "sign": "Hello!", "channel": "OFFICIAL", "text": TEXT}, VIBER,
    ),
    (e.viber_statistic(1), "viber/statistic?page=1", {"sendingId": 1}, {"0": {"number": ONE, "status": 2}}),
    (e.viber_list(), "viber/list?page=1", {}, {"0": VIBER, "links": {}, "totalCount": "1"}),
    (e.viber_sign_list(), "viber/sign/list", {}, {"0": SIGNS}),
    (e.telegram_send(number=ONE, code="0134"), "telegram/send", {"number": ONE, "code": "0134"}, TELEGRAM),
    (
        e.telegram_send_many(numbers=[ONE], code="0134", sign=SIGN, text=TEXT),
        "telegram/send", {"numbers": [ONE], "code": "0134", "sign": SIGN, "text": TEXT}, [TELEGRAM],
    ),
    (e.telegram_status(1), "telegram/status", {"id": 1}, TELEGRAM),
    (e.mobile_id_send(number=ONE, sign="SMSAero"), "mobile-id/send", {"number": ONE, "sign": "SMSAero"}, MOBILE),
    (e.mobile_id_status(273), "mobile-id/status", {"id": 273}, MOBILE),
    (
        e.mobile_id_verify(id=273, code="0134", sign="SMSAero"),
        "mobile-id/verify", {"id": 273, "code": "0134", "sign": "SMSAero"}, MOBILE,
    ),
    (e.flashcall_send(phone=ONE, code="0134"), "flashcall/send", {"phone": ONE, "code": "0134"}, CALL),
    (e.flashcall_status(1), "flashcall/status", {"id": 1}, CALL),
    (e.flashcall_list(), "flashcall/list?page=1", {}, {"list": [CALL], "totalCount": 1}),
    (e.voicecode_send(phone=ONE, code="0134"), "voicecode/send", {"phone": ONE, "code": "0134"}, CALL),
    (
        e.whatsapp_send(sign=SIGN, address=ONE, content_type="text", text=TEXT, footer={"text": "f"}),
        "whatsapp/send",
        {"sign": SIGN, "address": ONE, "contentType": "text", "text": TEXT, "footer": {"text": "f"}}, {"id": 1},
    ),
    (e.whatsapp_status(1), "whatsapp/status", {"id": 1}, {"id": 1}),
    (e.whatsapp_chats(status=1), "whatsapp/get-chats", {"status": 1, "limit": 100, "offset": 0}, [{"id": 1}]),
    (e.whatsapp_chat_messages(1), "whatsapp/get-chat-msg", {"id": 1}, None),
    (
        e.whatsapp_messages(since=CREATED, address=ONE),
        "whatsapp/get-all-msg", {"limit": 100, "offset": 0, "timeFrom": 1532342510, "address": ONE}, {},
    ),
]  # fmt: skip
each_call = pytest.mark.parametrize(("request_", "path", "body", "data"), CALLS, ids=[call[1] for call in CALLS])


def answer(request, data, status=200, *, success=True):
    body = json.dumps({"success": success, "data": data, "message": None}).encode()
    return read_reply(request, Reply(status=status, body=body))


def test_every_function_of_the_room_is_called_here():
    paths = {call[1].partition("?")[0] for call in CALLS}

    # send, testsend, blacklist/add, hlr/check, number/operator and telegram/send have a form for many numbers.
    assert len(endpoints.__all__) == len(CALLS) == len(paths) + 6


@each_call
def test_a_request_has_the_provider_s_path_and_exactly_its_keys(request_, path, body, data):
    assert (path, body) == (request_.path, json.loads(request_.encode()))


@each_call
def test_the_reference_s_reply_is_understood(request_, path, body, data):
    assert answer(request_, data) is not None


READS = {"auth", "balance", "cards", "tariffs", "whatsapp/get-chats", "whatsapp/get-chat-msg", "whatsapp/get-all-msg"}


@each_call
def test_only_what_changes_nothing_may_be_repeated(request_, path, body, data):
    words = path.partition("?")[0]
    reading = words in READS or words.endswith(("status", "list", "statistic"))

    assert request_.repeatable is reading


@each_call
def test_neither_a_repr_nor_an_error_tells_a_phone_a_text_a_code_or_a_name(request_, path, body, data):
    with pytest.raises(SmsAeroError) as caught:
        read_reply(request_, Reply(status=400, body=json.dumps({"success": False, "message": str(body)}).encode()))

    told = f"{request_!r} {answer(request_, data)!r} {caught.value} {vars(caught.value)}"
    hidden = [ONE, TWO, TEXT, "482913", "0134"]
    assert [secret for secret in hidden if secret in told and not path.startswith("whatsapp")] == []


@settings(deadline=None)  # a busy machine is no failure
@any_of(call=st.sampled_from(CALLS), data=json_values)
def test_no_data_whatever_raises_anything_of_another_tree(call, data):
    with contextlib.suppress(SmsAeroError):
        answer(call[0], data)


# What is never sent

LATER = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=9)))
sms = {"number": ONE, "sign": SIGN, "text": TEXT}
many = {"sign": SIGN, "text": TEXT}
viber = {"sign": SIGN, "text": TEXT, "channel": "OFFICIAL"}
NEVER = [
    (lambda: e.balance_add(amount=100, card_id=7), "confirm"),
    (lambda: e.balance_add(amount=100, card_id=7, confirm=1), "confirm"),
    (lambda: e.balance_add(amount=Decimal("0.001"), card_id=7, confirm=True), "two decimals"),
    (lambda: e.balance_add(amount=-5, card_id=7, confirm=True), "positive"),
    (lambda: e.balance_add(amount=Decimal("NaN"), card_id=7, confirm=True), "positive"),
    (lambda: e.balance_add(amount=5, card_id=0, confirm=True), "cardId"),
    (lambda: e.sms_send_many(numbers=ONE, **many), "sequence"),
    (lambda: e.sms_send_many(numbers=[], **many), "1 to 1000"),
    (lambda: e.sms_send_many(numbers=[ONE, ONE], **many), "twice"),
    (lambda: e.sms_send_many(numbers=["+" + ONE], **many), "digits"),
    (lambda: e.sms_send(**sms, date_send=LATER.replace(tzinfo=None)), "aware"),
    (lambda: e.sms_send(**sms, callback_url="gopher://example.com"), "callback"),
    (lambda: e.sms_send(**sms, callback_url="https://"), "callback"),
    (lambda: e.sign_add(name=""), "empty"),
    (lambda: e.sign_add(name="Twelve chars"), "11"),
    (lambda: e.group_add(name=""), "empty"),
    (lambda: e.contact_list(person=Person(param1="x")), "param1"),
    (lambda: e.telegram_send(number=ONE, code="123"), "4 to 8"),
    (lambda: e.telegram_send(number=ONE, code="1234", sign=SIGN), "together"),
    (lambda: e.flashcall_send(phone=ONE, code="12345"), "4 digits"),
    (lambda: e.viber_send(**viber), "numbers or a group"),
    (lambda: e.viber_send(**viber, numbers=[ONE], group="all"), "numbers or a group"),
    (lambda: e.viber_send(**viber, numbers=[str(10**10 + n) for n in range(51)]), "1 to 50"),
    (lambda: e.viber_send(**viber, group=1, cascade=ViberCascade(sign=SIGN, text=TEXT)), "CASCADE"),
    (lambda: e.viber_send(**{**viber, "channel": "CASCADE"}, group=1), "CASCADE"),
]


@pytest.mark.parametrize(("ask", "words"), NEVER)
def test_what_the_provider_can_t_take_is_never_sent(ask, words):
    with pytest.raises(ValueError, match=words) as caught:
        ask()

    assert ONE not in str(caught.value)


def test_a_send_says_when_and_where_to_report():
    options = {"date_send": LATER, "callback_url": "https://example.com/?a=b", "callback_format": "JSON"}
    body = e.sms_send(**sms, **options, short_link=True).body

    assert {
        **sms, "dateSend": 1767193200, "callbackUrl": "https://example.com/?a=b", "callbackFormat": "JSON",
        "shortLink": 1,
    } == body  # fmt: skip


def test_a_charge_keeps_its_kopecks():
    assert b'"sum":100.5,' in e.balance_add(amount=Decimal("100.50"), card_id=7, confirm=True).encode()


def test_a_viber_cascade_with_a_button_has_every_key():
    request = e.viber_send(
        sign="Hello!", text=TEXT, channel="CASCADE", group="all", date_send=LATER,
        button=ViberButton(image=b"\x89PNG", image_format="png", text="Open", link="https://example.com"),
        cascade=ViberCascade(sign=SIGN, text="fallback", price=5, timeout="0.5"),
    )  # fmt: skip

    assert request.body == {
        "groupId": "all", "sign": "Hello!", "channel": "CASCADE", "text": TEXT, "dateSend": 1767193200,
        "imageSource": "png#iVBORw==", "textButton": "Open",
        "linkButton": "https://example.com", "signSms": SIGN, "textSms": "fallback", "priceSms": 5, "timeout": "0.5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"image": b""}, "image"),
        ({"image": b"x" * 307_201}, "image"),
        ({"text": "x" * 31}, "text"),
        ({"link": "javascript:alert(1)"}, "link"),
    ],
)
def test_a_viber_button_the_provider_can_t_take_is_never_sent(fields, words):
    good = {"image": b"x", "image_format": "png", "text": "Open", "link": "https://example.com"}
    with pytest.raises(ValueError, match=words):
        ViberButton(**good | fields).fields()


# One answer for each of many numbers


def test_many_numbers_have_one_answer_each_by_number_and_not_by_position():
    sent = answer(e.sms_send_many(numbers=[ONE, TWO], sign=SIGN, text=TEXT), [{**SMS, "id": 6, "number": TWO}, SMS])

    assert ((5, 6), (), 2) == ((sent[ONE].id, sent[TWO].id), sent.unanswered, len(sent))


def test_a_number_the_reply_says_nothing_of_is_told():
    sent = answer(e.sms_send_many(numbers=[TWO, ONE, THREE], sign=SIGN, text=TEXT), [SMS])

    assert ([ONE], (TWO, THREE)) == (list(sent.answers), sent.unanswered)


@pytest.mark.parametrize("data", [{"0": SMS, "1": {**SMS, "number": int(TWO)}}, SMS])
def test_many_numbers_are_read_from_a_keyed_object_and_from_one_object(data):
    assert answer(e.sms_send_many(numbers=[ONE, TWO], sign=SIGN, text=TEXT), data)[ONE].id == 5


@pytest.mark.parametrize("data", [None, [], {}, [{**SMS, "number": THREE}], [{"number": ONE}]])
def test_a_reply_about_none_of_the_numbers_settles_nothing(data):
    with pytest.raises(Undecodable):
        answer(e.sms_send_many(numbers=[ONE, TWO], sign=SIGN, text=TEXT), data)


# Types as they drift


@pytest.mark.parametrize(
    "data", [[{"id": "7", "number": "Visa*****1234"}], {"0": {"id": 7, "number": "Visa*****1234"}}]
)
def test_cards_come_as_an_array_or_as_a_keyed_object(data):
    assert [7] == [card.id for card in answer(e.cards(), data)]


def test_prices_are_exact_and_what_is_no_price_is_left_out():
    (tariff,) = answer(e.tariffs(), {"DIRECT": {"MEGAFON": "8.99", "MTS": 4.1, "OTHER": "ask"}})

    assert {"MEGAFON": Decimal("8.99"), "MTS": Decimal("4.1")} == tariff.prices


def test_a_sign_tells_where_it_stands_with_each_operator():
    (sign,) = answer(e.sign_list(), [SIGNS]).items
    (megafon,) = sign.operators

    assert (SignStatus.APPROVED, Operator.MEGAFON, SignStatus.MODERATION) == (
        sign.status, megafon.operator, megafon.status,
    )  # fmt: skip


def test_a_group_s_size_has_two_names():
    added = answer(e.group_add(name="G"), {"id": 7, "name": "G", "count": 2})
    (listed,) = answer(e.group_list(), [{"id": "7", "name": "G", "countContacts": "2"}]).items

    assert added == listed


def test_a_contact_is_read_whole():
    contact = answer(e.contact_add(number=ONE), CONTACT)

    assert (12, ONE, "Л", "a", "") == (contact.id, contact.number, contact.lname, contact.param1, contact.param3)
    assert (Operator.MTS, HlrStatus.AVAILABLE, [7]) == (
        contact.operator, contact.hlr_status, [group.id for group in contact.groups],
    )  # fmt: skip


def test_the_blacklist_s_first_free_field_has_a_name_of_its_own():
    assert answer(e.blacklist_add(number=ONE), BLACK).param1 == "a"


def test_a_check_under_way_is_not_final_and_a_status_nobody_documented_keeps_its_number():
    running, odd = answer(e.hlr_status(9), HLR), answer(e.hlr_status(9), {**HLR, "hlrStatus": "3"})

    assert (False, 3, "UNKNOWN", True) == (running.status.final, odd.status, odd.status.name, odd.status.final)


def test_a_telegram_code_keeps_its_leading_zero():
    code = answer(e.telegram_send(number=ONE, code="0134"), TELEGRAM)

    assert ("0134", Decimal("1.00"), TelegramStatus.QUEUE, None) == (code.code, code.cost, code.status, code.sms_id)


@pytest.mark.parametrize(
    ("status", "verified"), [(0, False), (1, True), (2, False), (3, False), (8, False), (None, False)]
)
def test_only_one_mobile_id_status_means_verified(status, verified):
    session = answer(e.mobile_id_status(273), {**MOBILE, "status": status})

    assert verified is session.verified


def test_a_mobile_id_session_asks_for_the_code():
    assert MobileIdStatus.CODE_REQUIRED == answer(e.mobile_id_status(273), MOBILE).status


def test_a_viber_mailing_is_read_whole():
    mailing = answer(e.viber_send(numbers=[ONE], sign="Hello!", channel="OFFICIAL", text=TEXT), VIBER)

    assert (1, 3, ViberStatus.MODERATION, Decimal("2.25"), CREATED, 0) == (
        mailing.id, mailing.count, mailing.status, mailing.cost, mailing.created_at, mailing.count_error,
    )  # fmt: skip


@pytest.mark.parametrize("data", [None, [], {}, {"id": 1}, {"id": 2}])
def test_a_status_about_nothing_or_another_id_settles_nothing(data):
    with pytest.raises(Undecodable):
        answer(e.flashcall_status(3), data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [(None, {}), ([{"id": 1}], {"0": {"id": 1}}), ({"id": Decimal("1.5")}, {"id": Decimal("1.5")})],
)
def test_what_no_source_documents_comes_as_it_is(data, expected):
    assert expected == e.sign_add(name="N").read(data)


@pytest.mark.parametrize("data", ["words", 5, True])
def test_what_is_no_mapping_at_all_is_undecodable(data):
    with pytest.raises(Undecodable):
        answer(e.whatsapp_status(1), data)
