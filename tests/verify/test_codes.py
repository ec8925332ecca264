"""Codes: every one equally likely, bound to what they were made for, and read the way people type."""

import itertools
from collections import Counter

import pytest

from aerocode.crypto import Keyring
from aerocode.errors import CannotDecrypt
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.verify.codes import Codes
from aerocode.verify.codes import normal

OLD, NEW = b"o" * 32, b"n" * 32
CODES = Codes(Keyring(NEW))
SUBJECT = Subject("default", Phone("+79123456789"), UsageType.GENERIC, "")


def made(length: int, count: int) -> list[str]:
    return [CODES.new(SUBJECT, "v", length)[0].reveal() for _ in range(count)]


def chi_square(counts: Counter, cells: int, total: int) -> float:
    expected = total / cells
    return sum((counts[cell] - expected) ** 2 / expected for cell in counts) + (cells - len(counts)) * expected


@pytest.fixture(scope="module")
def many() -> list[str]:
    return made(6, 20_000)


@pytest.mark.parametrize("length", range(4, 11))
def test_a_code_has_exactly_its_length_in_digits(length):
    assert {(length, True)} == {(len(code), code.isascii() and code.isdigit()) for code in made(length, 300)}


def test_codes_may_begin_with_zero(many):
    assert any(code.startswith("0") for code in many)


# With 9 degrees of freedom a fair source stays under 50 in all but one of ten million runs.


@pytest.mark.parametrize("place", range(6))
def test_every_digit_is_equally_likely_at_every_place(many, place):
    assert chi_square(Counter(code[place] for code in many), 10, len(many)) < 50


@pytest.mark.parametrize("place", range(5))
def test_neighbouring_digits_do_not_depend_on_each_other(many, place):
    # 99 degrees of freedom.
    assert chi_square(Counter(code[place : place + 2] for code in many), 100, len(many)) < 200


def test_codes_do_not_repeat_more_often_than_chance(many):
    # 20 000 of a million: about 199 pairs expected, standard deviation 14.
    pairs = sum(count * (count - 1) // 2 for count in Counter(many).values())
    assert 100 < pairs < 300


def test_the_code_is_not_in_what_is_kept_of_it():
    code, kept = CODES.new(SUBJECT, "v", 10)
    assert (False, False) == (code.reveal().encode() in kept.seal, code.reveal().encode() in kept.cipher)


def test_what_is_kept_of_a_code_never_prints():
    code, kept = CODES.new(SUBJECT, "v", 10)
    assert (False, "SealedCode()") == (code.reveal() in f"{code} {code!r}", repr(kept))


def test_the_code_can_be_taken_up_again():
    code, kept = CODES.new(SUBJECT, "v", 6)
    assert code.reveal() == CODES.take_up("v", kept).reveal()


def test_the_code_cannot_be_taken_up_for_another_verification():
    _, kept = CODES.new(SUBJECT, "v", 6)
    with pytest.raises(CannotDecrypt):
        CODES.take_up("w", kept)


def test_the_right_code_has_the_stored_seal():
    code, kept = CODES.new(SUBJECT, "v", 6)
    assert kept.seal in CODES.seals(SUBJECT, "v", code.reveal())


def test_no_other_code_has_the_stored_seal():
    code, kept = CODES.new(SUBJECT, "v", 4)
    fitting = [
        guess
        for guess in map("".join, itertools.product("0123456789", repeat=4))
        if kept.seal in CODES.seals(SUBJECT, "v", guess)
    ]
    assert [code.reveal()] == fitting


BOUND = {
    "application": (Subject("shop", SUBJECT.phone, SUBJECT.usage_type, ""), "v"),
    "phone": (Subject("default", Phone("+79001112233"), SUBJECT.usage_type, ""), "v"),
    "usage type": (Subject("default", SUBJECT.phone, UsageType.SIGN_IN, ""), "v"),
    "verification": (SUBJECT, "w"),
}


@pytest.mark.parametrize(("other", "verification_id"), BOUND.values(), ids=BOUND.keys())
def test_a_seal_is_good_for_nothing_else(other, verification_id):
    code, kept = CODES.new(SUBJECT, "v", 6)
    assert kept.seal not in CODES.seals(other, verification_id, code.reveal())


def test_a_seal_of_an_older_key_is_still_recognised():
    code, kept = Codes(Keyring(OLD)).new(SUBJECT, "v", 6)
    assert kept.seal in Codes(Keyring(NEW, [OLD])).seals(SUBJECT, "v", code.reveal())


def test_a_seal_of_a_key_that_is_gone_is_not_recognised():
    code, kept = Codes(Keyring(OLD)).new(SUBJECT, "v", 6)
    assert kept.seal not in CODES.seals(SUBJECT, "v", code.reveal())


def test_resealed_the_code_is_the_same_under_the_new_key_alone():
    code, kept = Codes(Keyring(OLD)).new(SUBJECT, "v", 6)
    resealed = Codes(Keyring(NEW, [OLD])).reseal(SUBJECT, "v", kept.cipher)
    assert (True, code.reveal()) == (
        resealed.seal in CODES.seals(SUBJECT, "v", code.reveal()),
        CODES.take_up("v", resealed).reveal(),
    )


@pytest.mark.parametrize(
    "typed",
    [
        "046813",
        " 046813 ",
        "046 813",
        "046-813",
        "046–813",
        "0 4 6 8 1 3",
        "046\N{NO-BREAK SPACE}813",
        "046\N{ZERO WIDTH SPACE}813",
        "046813\r\n",
        "０４６８１３",
        "٠٤٦٨١٣",
        "०४६८१३",
    ],
)
def test_a_code_is_read_the_way_people_type_it(typed):
    assert "046813" == normal(typed)


@pytest.mark.parametrize(
    ("typed", "read"), [("", ""), ("O46813", "O46813"), ("abc", "abc"), ("🙂", ""), ("4681", "4681")]
)
def test_reading_invents_nothing(typed, read):
    assert read == normal(typed)
