"""Half a character, which JSON can write and nothing can store, read from an answer of the gate."""

import json
from decimal import Decimal

import pytest

from aerocode.smsaero import InvalidField
from aerocode.smsaero import Refused
from aerocode.smsaero import Rejected
from aerocode.smsaero import Reply
from aerocode.smsaero import decode
from aerocode.smsaero import endpoints
from aerocode.smsaero import read_reply

HALVES = ["\ud800", "\udfff", "a\udc00b", "\ude00\ud83d"]
every = pytest.mark.parametrize("half", HALVES, ids=ascii)


def storable(text):
    return text == text.encode().decode()


def answered(status, **envelope):
    request = endpoints.sms_send(number="79990000000", sign="SMS Aero", text="482913 is your code")
    body = json.dumps({"data": None, "message": None, **envelope}).encode()
    return read_reply(request, Reply(status=status, body=body))


def refusal(**envelope):
    with pytest.raises(Refused) as caught:
        answered(400, success=False, **envelope)
    return caught.value


@every
def test_words_become_storable(half):
    assert storable(decode.words(half))
    assert "?" in decode.words(half)


@every
def test_a_message_becomes_storable_however_deep_it_stands(half):
    for value in (half, [half], {"a": {"b": half}}, {half: "x"}):
        assert storable(decode.message(value))


@every
def test_fields_and_their_codes_become_storable(half):
    found = decode.fields({half: [half], "sign": [f"in{half}correct"]})

    assert all(storable(name) and all(map(storable, codes)) for name, codes in found.items())
    assert "sign" in found


@every
def test_scrubbing_hides_a_secret_beside_half_a_character(half):
    said = decode.scrub(f"{half} secret-word {half}", secrets=["secret-word"])

    assert (True, True) == (storable(said), "secret-word" not in said)


def test_whole_characters_stay_as_they_are():
    assert ["Ж", "😀", "", "2.5"] == [decode.words(value) for value in ("Ж", "😀", None, Decimal("2.5"))]


@every
def test_an_accepted_send_with_half_a_character_is_accepted(half):
    data = {"id": 5, "status": 0, "number": "79990000000", "extendStatus": half, "from": half, "channel": half}
    sent = answered(200, success=True, data=data)

    assert (5, True, True) == (sent.id, storable(sent.extend_status), storable(sent.sender))


@every
def test_a_refusal_with_half_a_character_is_a_refusal(half):
    error = refusal(message=f"no{half}")

    assert (Rejected, True) == (type(error), storable(error.provider_message))


@every
def test_a_refused_field_with_half_a_character_is_named(half):
    error = refusal(message=half, data={"sign": [half]})

    assert (InvalidField, {"sign"}) == (type(error), set(error.fields))
