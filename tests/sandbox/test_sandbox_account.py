"""Money, tariffs and sender names."""

import pytest

pytestmark = pytest.mark.anyio

SMS = {"number": "79129999999", "sign": "SMS Aero", "text": "hello"}


async def test_money_is_added_from_a_card(data, sandbox):
    card = (await data("cards"))["0"]["id"]
    before = (await data("balance"))["balance"]

    assert {"sum": 100} == await data("balance/add", sum=100.0, cardId=card)
    assert before + 100 == (await data("balance"))["balance"]


async def test_an_unknown_card_adds_nothing(data, wrong):
    assert ["cardId"] == await wrong("balance/add", sum=100, cardId=1)
    assert 1_000_000.0 == (await data("balance"))["balance"]


@pytest.mark.parametrize("amount", [0, -5, "much", None, True, 1e12])
async def test_an_amount_that_is_none_is_refused(wrong, amount):
    assert ["sum"] == await wrong("balance/add", sum=amount, cardId=12345)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("sms/send", SMS),
        ("viber/send", SMS | {"channel": "OFFICIAL"}),
        ("telegram/send", {"number": "79129999999", "code": "1234"}),
        ("flashcall/send", {"phone": "79129999999", "code": "1234"}),
    ],
)
async def test_without_money_nothing_is_sent(ask, control, sandbox, path, given):
    await control({"balance": 0.5})

    assert (402, {"success": False, "data": None, "message": "Not enough money"}) == await ask(path, **given)
    assert [] == sandbox.messages()


async def test_all_numbers_are_paid_or_none_is_sent(ask, control, sandbox):
    await control({"balance": 5})
    status, _ = await ask("sms/send", **SMS | {"number": None, "numbers": ["79129999999", "79129999998"]})

    assert (402, 0) == (status, sandbox.accepted)


async def test_a_tariff_is_a_price_for_each_operator(data):
    assert {"MEGAFON", "MTS", "BEELINE", "TELE2", "OTHER"} == set((await data("tariffs"))["FREE SIGN"])


async def test_the_free_sign_is_approved_by_every_operator(data):
    told = await data("sign/list")
    sign = told["0"]

    assert ("1", "SMS Aero", 1, "approve") == (
        told["totalCount"],
        *(sign[n] for n in ("name", "status", "extendStatus")),
    )
    assert {"operator": 4, "extendOperator": "MTS", "status": 1, "extendStatus": "approve"} == sign["statusOperators"][
        "4"
    ]


async def test_a_new_sign_is_on_moderation_for_a_minute(data, sandbox):
    added = await data("sign/add", name="MyShop")
    before = (await data("sign/list"))["0"]
    sandbox.advance(61)
    after = (await data("sign/list"))["0"]

    assert ("MyShop", (0, "moderation"), (1, "approve")) == (
        added["name"],
        (before["status"], before["extendStatus"]),
        (after["status"], after["extendStatus"]),
    )


@pytest.mark.parametrize("name", ["", "x", "x" * 12, "SMS Aero", None])
async def test_a_sign_of_another_length_or_known_already_is_refused(wrong, name):
    assert ["name"] == await wrong("sign/add", name=name)


async def test_a_viber_sign_is_active(data):
    assert "active" == (await data("viber/sign/list"))["0"]["extendStatus"]


@pytest.mark.parametrize(
    ("sign", "channel"), [("SMS Aero", "FREE SIGN"), ("SMSAero", "FREE SIGN"), ("MyShop", "DIRECT")]
)
async def test_a_sign_of_one_s_own_goes_over_the_direct_channel(data, sign, channel):
    assert channel == (await data("sms/send", **SMS | {"sign": sign}))["channel"]
