"""Viber, Telegram, Mobile ID, calls and WhatsApp."""

import pytest

pytestmark = pytest.mark.anyio

PHONE = "79129999999"
UNDELIVERED = "79129990020"
VIBER = {"number": PHONE, "sign": "MyShop", "channel": "OFFICIAL", "text": "hello"}
COUNTS = ("countSend", "countDelivered", "countWrite", "countUndelivered", "countError")


async def test_a_viber_sending_is_told_as_the_provider_does(data):
    sent = await data("viber/send", **VIBER)

    assert sent == {
        "id": sent["id"], **VIBER, "count": 1, "cost": 2.25, "status": 1, "extendStatus": "moderation",
        "dateCreate": sent["dateCreate"], "dateSend": sent["dateCreate"], **dict.fromkeys(COUNTS, 0),
    }  # fmt: skip


async def test_a_viber_sending_is_done_and_counts_who_read_it(data, sandbox):
    await data("viber/send", **VIBER | {"number": None, "numbers": [PHONE, "79129999998"]})
    sandbox.advance(10)
    told = (await data("viber/list"))["0"]

    assert (3, 2, [0, 0, 2, 0, 0]) == (told["status"], told["count"], [told[name] for name in COUNTS])
    assert "number" not in told


async def test_viber_statistics_tell_each_recipient(data, sandbox):
    sending = (await data("viber/send", **VIBER | {"number": None, "numbers": [PHONE, "79129999998"]}))["id"]
    sandbox.advance(10)
    told = await data("viber/statistic", sendingId=sending)

    assert {"0", "1", "links"} == set(told)
    assert (PHONE, 2, "write") == tuple(told["0"][name] for name in ("number", "status", "extendStatus"))
    assert {"self": f"/v2/viber/statistic?sendingId={sending}&page=1"} == told["links"]


@pytest.mark.parametrize("everybody", [True, False])
async def test_a_viber_sending_goes_to_a_group(data, sandbox, everybody):
    group = (await data("group/add", name="friends"))["id"]
    await data("contact/add", number=PHONE, groupId=group)
    await data("contact/add", number="79129999998")
    sent = await data("viber/send", **VIBER | {"number": None, "groupId": "all" if everybody else group})

    assert (1 + everybody, 1 + everybody) == (sent["count"], len(sandbox.messages()))


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"number": None}, ["number"]),
        ({"number": None, "groupId": 1}, ["groupId"]),
        ({"number": None, "groupId": "all"}, ["groupId"]),
        ({"number": None, "groupId": "friends"}, ["groupId"]),
        ({"channel": "PIGEON"}, ["channel"]),
        ({"sign": ""}, ["sign"]),
        ({"textButton": "Buy"}, ["imageSource", "linkButton"]),
        ({"textButton": "x" * 31, "imageSource": "bmp#AAAA", "linkButton": "ftp://x"},
         ["textButton", "imageSource", "linkButton"]),
        ({"channel": "CASCADE"}, ["signSms", "textSms"]),
        ({"channel": "CASCADE", "signSms": "MyShop", "textSms": "hi", "timeout": 2}, ["timeout"]),
        ({"callbackUrl": "mailto:me"}, ["callbackUrl"]),
    ],
)  # fmt: skip
async def test_a_viber_sending_with_a_wrong_field_is_refused(wrong, sandbox, given, fields):
    assert fields == await wrong("viber/send", **VIBER | given)
    assert [] == sandbox.messages()


async def test_a_viber_sending_may_carry_a_picture_of_300_kilobytes(data):
    button = {"textButton": "Buy", "linkButton": "https://shop.example/", "imageSource": "png#" + "A" * 409_600}

    assert 1 == (await data("viber/send", **VIBER | button))["status"]


async def test_a_telegram_code_is_queued_then_delivered(data, sandbox):
    sent = await data("telegram/send", number=PHONE, code=1234, sign="SMS Aero", text="Code 1234")
    sandbox.advance(10)

    assert sent == {
        "id": sent["id"], "number": PHONE, "telegramCode": "1234", "smsText": "Code 1234", "smsFrom": "SMS Aero",
        "idSms": None, "status": 0, "extendStatus": "queue", "cost": "1.00", "dateCreate": sent["dateCreate"],
    }  # fmt: skip
    assert sent | {"status": 1, "extendStatus": "delivery"} == await data("telegram/status", id=sent["id"])


async def test_a_telegram_code_keeps_its_leading_zero(data):
    assert "0042" == (await data("telegram/send", number=PHONE, code="0042"))["telegramCode"]


async def test_an_sms_comes_where_telegram_does_not(data, sandbox):
    sent = await data("telegram/send", number=UNDELIVERED, code="1234", sign="SMS Aero", text="Code 1234")

    assert (await data("sms/status", id=sent["idSms"]))["text"] == "Code 1234"
    assert ["telegram", "sms"] == [message.channel for message in sandbox.messages()]


async def test_no_sms_comes_for_telegram_without_a_text(data):
    assert (await data("telegram/send", number=UNDELIVERED, code="1234"))["idSms"] is None


@pytest.mark.parametrize("code", ["123", "123456789", "12a4", None])
async def test_a_telegram_code_is_four_to_eight_digits(wrong, code):
    assert ["code"] == await wrong("telegram/send", number=PHONE, code=code)


async def test_mobile_id_asks_the_sim_card(data, sandbox):
    sent = await data("mobile-id/send", number=PHONE, sign="SMSAero")
    states = [sent["status"]]
    for _ in range(2):
        sandbox.advance(1.1)
        states.append((await data("mobile-id/status", id=sent["id"]))["status"])

    assert ("SIM-PUSH", "", [0, 8, 1]) == (sent["authType"], sent["codeSms"], states)


async def test_mobile_id_sends_a_code_where_the_sim_card_is_not_reached(data, sandbox):
    sent = await data("mobile-id/send", number=UNDELIVERED, sign="SMSAero")
    (sms,) = sandbox.messages()
    verified = await data("mobile-id/verify", id=sent["id"], code=sms.code, sign="SMSAero")

    assert ("SMS", sms.code, 3, 1) == (sent["authType"], sent["codeSms"], sent["status"], verified["status"])


async def test_a_wrong_code_of_mobile_id_is_400(data, wrong, sandbox):
    sent = await data("mobile-id/send", number=UNDELIVERED, sign="SMSAero")

    assert ["code"] == await wrong("mobile-id/verify", id=sent["id"], code="nope")
    assert 3 == (await data("mobile-id/status", id=sent["id"]))["status"]


async def test_no_code_is_right_where_none_was_sent(data, wrong):
    sent = await data("mobile-id/send", number=PHONE, sign="SMSAero")

    assert ["code"] == await wrong("mobile-id/verify", id=sent["id"], code="1234")


async def test_mobile_id_fails_where_the_person_says_no(data, sandbox):
    sent = await data("mobile-id/send", number="79129990021", sign="SMSAero")
    sandbox.advance(10)

    assert 2 == (await data("mobile-id/status", id=sent["id"]))["status"]


@pytest.mark.parametrize("path", ["mobile-id/status", "mobile-id/verify"])
async def test_a_session_of_mobile_id_lasts_two_minutes(ask, data, sandbox, path):
    sent = await data("mobile-id/send", number=PHONE, sign="SMSAero")
    sandbox.advance(121)

    for session in (sent["id"], 1):
        status, envelope = await ask(path, id=session, code="1234")
        assert (404, "session not found") == (status, envelope["message"])


async def test_a_flash_call_rings_and_is_answered(data, sandbox):
    sent = await data("flashcall/send", phone=PHONE, code=1234)
    states = [sent["status"]]
    for _ in range(2):
        sandbox.advance(1.1)
        states.append((await data("flashcall/status", id=sent["id"]))["status"])

    assert [0, 4, 1] == states
    assert sent == {
        "id": sent["id"], "status": 0, "code": "1234", "phone": PHONE, "cost": "0.59",
        "timeCreate": sent["timeCreate"], "timeUpdate": sent["timeCreate"],
    }  # fmt: skip
    assert "1234" == sandbox.messages()[0].code


async def test_flash_calls_are_listed_as_no_other_list(data):
    await data("flashcall/send", phone=PHONE, code="1234")
    told = await data("flashcall/list")

    assert ({"list", "totalCount"}, 1, PHONE) == (set(told), told["totalCount"], told["list"][0]["phone"])
    assert 0 == (await data("flashcall/list", number="79129999998"))["totalCount"]


async def test_a_call_that_is_not_dialled_says_so(data, sandbox):
    sent = await data("flashcall/send", phone=UNDELIVERED, code="1234")
    sandbox.advance(10)

    assert 2 == (await data("flashcall/status", id=sent["id"]))["status"]


@pytest.mark.parametrize("path", ["flashcall/send", "voicecode/send"])
async def test_a_call_names_every_wrong_field(wrong, path):
    assert ["phone", "code"] == await wrong(path, number=PHONE, code="12345")


async def test_a_voice_reads_the_code(data, sandbox):
    assert "1234" == (await data("voicecode/send", phone=PHONE, code="1234"))["code"]
    assert "A voice says: 1234" == sandbox.messages()[0].text


async def test_a_whatsapp_message_is_sent_followed_and_found(data, sandbox):
    sent = await data("whatsapp/send", sign="MyShop", address=PHONE, contentType="text", text="hello")
    sandbox.advance(10)

    assert 1 == (await data("whatsapp/status", id=sent["id"]))["status"]
    assert [PHONE] == [chat["address"] for chat in await data("whatsapp/get-chats", status=1)]
    assert [] == await data("whatsapp/get-chats", status=2)
    assert ["hello"] == [post["text"] for post in await data("whatsapp/get-chat-msg", id=sent["id"])]
    assert ["hello"] == [post["text"] for post in await data("whatsapp/get-all-msg", address=PHONE, limit=1)]
    assert [] == await data("whatsapp/get-all-msg", offset=1)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"contentType": "pigeon"}, ["contentType", "attachmentUrl", "attachmentName"]),
        ({"contentType": "image", "attachmentUrl": "ftp://x", "attachmentName": "x"}, ["attachmentUrl"]),
        ({"contentType": "text"}, ["text"]),
        ({"contentType": "text", "text": "hi", "address": "x", "sign": None}, ["sign", "address"]),
    ],
)
async def test_a_whatsapp_message_with_a_wrong_field_is_refused(wrong, given, fields):
    assert fields == await wrong("whatsapp/send", **{"sign": "MyShop", "address": PHONE} | given)


@pytest.mark.parametrize(
    ("path", "given", "text"),
    [
        ("viber/send", VIBER, "hello"),
        ("telegram/send", {"number": PHONE, "code": "1234"}, "Code 1234"),
        ("mobile-id/send", {"number": PHONE, "sign": "MyShop"}, "Confirm signing in to MyShop?"),
        ("flashcall/send", {"phone": PHONE, "code": "1234"}, "Missed call from a number that ends in 1234"),
    ],
)
async def test_the_phone_shows_what_came_over_any_channel(data, sandbox, path, given, text):
    await data(path, **given)
    (message,) = sandbox.messages(PHONE)

    assert (path.split("/")[0], text, 0) == (message.channel, message.text, sandbox.accepted)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("viber/send", VIBER | {"number": "79129990006"}),
        ("telegram/send", {"number": "79129990006", "code": "1234"}),
        ("mobile-id/send", {"number": "79129990006", "sign": "MyShop"}),
        ("flashcall/send", {"phone": "79129990006", "code": "1234"}),
        ("voicecode/send", {"phone": "79129990006", "code": "1234"}),
        ("whatsapp/send", {"address": "79129990006", "sign": "MyShop", "contentType": "text", "text": "hi"}),
    ],
)
async def test_a_number_meets_its_fault_on_every_channel(ask, sandbox, path, given):
    status, _ = await ask(path, **given)

    assert (429, []) == (status, sandbox.messages())
