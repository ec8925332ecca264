"""Payloads: a few short words of the application's, and nothing an attacker could use our SMS for."""

import pytest

from aerocode.errors import InvalidInput
from aerocode.verify.payload import RESERVED
from aerocode.verify.payload import admit


def faults(payload: dict[str, str]) -> list[tuple[tuple, str]]:
    with pytest.raises(InvalidInput) as refused:
        admit(payload)
    return [(fault.path, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"name": "Аня"},
        {"order": "№ 17-3"},
        {"time": "12:30, 1.5 ч."},
        {"name": "и т.д."},
        {"price": "1.000,50"},
        {"note": "Hello. World"},
        {"name": "Dr. Who"},
        {"name": "А. С. Пушкин"},
        {"name": "J.R.R. Tolkien"},
        {"name": "O’Neill-Łuk 4.5"},
        {"version": "1.2.3"},
        {"note": ""},
        {"k" * 40: "v" * 40},
        {str(number): "x" for number in range(10)},
    ],
)
def test_a_few_short_words_are_admitted_as_they_are(payload):
    assert payload == admit(payload)


@pytest.mark.parametrize("word", ["code", "expiresIn", "appName"])
def test_what_is_ours_cannot_be_set(word):
    assert [(("payload", word), "custom")] == faults({word: "x"})


def test_the_reserved_words_are_refused_one_and_all():
    assert sorted(RESERVED) == sorted(path[1] for path, _ in faults(dict.fromkeys(RESERVED, "x")))


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example",
        "http://1.2.3.4",
        "HTTPS://EVIL.EXAMPLE",
        "ftp://x",
        "www.evil",
        "evil.example",
        "go to evil.com now",
        "bit.ly/abc",
        "t.me/evil",
        "пример.рф",
        "a.xn--p1ai",
        "1.1.1.1",
        "see 192.168.0.1 now",
        "example。com",
        "example．com",
        "example｡com",
        "t․me/x",
        "ｅｖｉｌ．ｃｏｍ",
        "１.１.１.１",
        "ⓔvil.ⓒom",
    ],
)
def test_a_link_cannot_be_put_into_a_message(link):
    assert [(("payload", "name"), "custom")] == faults({"name": link})


@pytest.mark.parametrize(
    "letter",
    [*"\n\r\t\0\x1b\x85\u2028\u2029\u200b\u200d\u200f\u202e\u2066\ufeff\u00ad\U000e0041"],
    ids=ascii,
)
def test_what_cannot_be_seen_cannot_be_put_into_a_message(letter):
    assert [(("payload", "name"), "custom")] == faults({"name": f"Anna{letter}Bell"})


def test_a_value_has_40_characters_at_most():
    assert [(("payload", "name"), "too_big")] == faults({"name": "x" * 41})


@pytest.mark.parametrize("key", ["", "k" * 41], ids=["none", "41"])
def test_a_key_has_1_to_40_characters(key):
    assert [(("payload", key), "custom")] == faults({key: "x"})


def test_there_are_10_keys_at_most():
    assert [(("payload",), "too_big")] == faults({str(number): "x" for number in range(11)})


def test_everything_that_is_wrong_is_said_at_once():
    assert [
        (("payload", "code"), "custom"),
        (("payload", "name"), "too_big"),
        (("payload", "name"), "custom"),
    ] == faults({"code": "1", "name": "https://evil.example/" + "x" * 40})
