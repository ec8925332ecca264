"""Phones: any human form in, one number out, and never a whole number in print."""

from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerocode.errors import AerocodeError
from aerocode.errors import InvalidInput
from aerocode.errors import InvalidPhone
from aerocode.errors import PhoneNotAllowed
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.phone import Countries
from aerocode.phone import Phone

PHONE = Phone("+79123456789")
EVERYWHERE = Countries(allowed=None)


@pytest.mark.parametrize(
    "text",
    [
        "+79123456789",
        "+7 (912) 345-67-89",
        "8 912 345-67-89",
        "8 (912) 345 67 89",
        "89123456789",
        "79123456789",
        "9123456789",
        "789123456789",
        "8\N{NO-BREAK SPACE}912\N{NO-BREAK SPACE}345\N{NON-BREAKING HYPHEN}67\N{NON-BREAKING HYPHEN}89",
        " 8.912.345.67.89 ",
        "8 912 345–67–89",
        "+7912\N{ARABIC-INDIC DIGIT THREE}456789",
        "\N{FULLWIDTH DIGIT EIGHT}9123456\N{FULLWIDTH DIGIT SEVEN}89",
    ],
)
def test_every_human_form_is_the_same_phone(text):
    assert PHONE == Countries().admit(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "+",
        "8 912 345-67-89 ext 5",
        "8912345678O",
        "+7+9123456789",
        "8 912\n345;67",
        "9" * 65,
        "tel:89123456789",
    ],
)
def test_what_has_not_the_shape_of_a_phone_is_an_invalid_input(text):
    with pytest.raises(InvalidInput):
        Countries().admit(text)


def test_a_shape_refusal_names_the_field():
    with pytest.raises(InvalidInput) as refused:
        Countries().admit("abc")
    assert [("phone",)] == [fault.path for fault in refused.value.faults]


@pytest.mark.parametrize("text", ["+7 912", "12345", "+70000000000", "+999123456789", "+791234567890123"])
def test_a_number_that_cannot_exist_is_invalid(text):
    with pytest.raises(InvalidPhone):
        Countries().admit(text)


@pytest.mark.parametrize("text", ["+44 7911 123456", "447911123456", "+1 650 253 0000", "+7 701 123 45 67"])
def test_a_number_of_a_country_that_is_not_allowed_is_refused(text):
    with pytest.raises(PhoneNotAllowed) as refused:
        Countries().admit(text)
    assert {"reason": "country"} == refused.value.data


@pytest.mark.parametrize("text", ["+7 495 123-45-67", "8 800 555 35 35"])
def test_a_number_that_takes_no_sms_is_refused(text):
    with pytest.raises(PhoneNotAllowed) as refused:
        Countries().admit(text)
    assert {"reason": "landline"} == refused.value.data


@pytest.mark.parametrize("text", ["+447911123456", "447911123456", "+7 701 123 45 67"])
def test_every_country_is_allowed_where_the_operator_says_so(text):
    assert EVERYWHERE.admit(text)


def test_a_number_without_a_country_code_is_read_at_home():
    british = Countries(default="GB", allowed=frozenset({"GB"}))
    assert Phone("+447400123456") == british.admit("07400 123456")


def test_a_number_is_shown_in_digits_on_request():
    assert ("79123456789", "+79123456789") == (PHONE.digits, PHONE.e164)


def test_a_masked_number_keeps_its_ends():
    assert "+7912•••••89" == PHONE.masked


SUBJECT = Subject("default", PHONE, UsageType.GENERIC, "")
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
VERIFICATION = Verification(
    id="v",
    application="default",
    phone=PHONE,
    usage_type=UsageType.GENERIC,
    session="",
    status=VerificationStatus.PENDING,
    attempts_left=5,
    sends=1,
    created_at=MOMENT,
    expires_at=MOMENT,
    resend_at=MOMENT,
)


@pytest.mark.parametrize(
    "printed",
    [
        str(PHONE),
        repr(PHONE),
        f"{PHONE}",
        f"{PHONE!r}",
        "%s %r" % (PHONE, PHONE),  # noqa: UP031 - the way of the log
        f"{[PHONE]} { ({'phone': PHONE}) }",
        repr(SUBJECT),
        repr(VERIFICATION),
        str(VERIFICATION),
    ],
    ids=["str", "repr", "f-string", "f-string repr", "percent", "containers", "a subject", "a verification", "its str"],
)
def test_a_phone_is_masked_wherever_it_is_printed(printed):
    assert ("+7912•••••89" in printed, "3456" in printed) == (True, False)


@pytest.mark.parametrize("text", ["+7 912", "+44 7911 123456", "+7 495 123-45-67", "8912345678O"])
def test_a_refusal_does_not_repeat_the_number(text):
    with pytest.raises((InvalidInput, InvalidPhone, PhoneNotAllowed)) as refused:
        Countries().admit(text)
    assert text not in f"{refused.value} {refused.value.data} {getattr(refused.value, 'faults', '')}"


def answer(admit, text):
    try:
        return admit(text)
    except AerocodeError as refusal:
        return type(refusal), refusal.data


WRITTEN = [
    "+7{}",
    "7{}",
    "8{}",
    "{}",
    "8 ({0:.3}) {1}-{2}-{3}",
    "+7 {0:.3} {1} {2} {3}",
    "+7\u00a0{0:.3}\u00a0{1}-{2}{3}",
]


def written(form, national):
    return form.format(national, national[3:6], national[6:8], national[8:])


def test_the_short_way_and_the_library_say_the_same_over_the_whole_plan():
    numbers = [f"9{block:04d}{tail}" for block in range(0, 10_000, 3) for tail in ("00000", "12345")]
    countries = Countries()
    differing = [
        number
        for number in numbers
        if answer(countries.admit, f"+7{number}") != answer(countries._admit, f"+7{number}")
    ]
    assert [] == differing


@given(form=st.sampled_from(WRITTEN), national=st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_the_short_way_and_the_library_say_the_same_in_every_form(form, national):
    text = written(form, national)
    assert answer(Countries()._admit, text) == answer(Countries().admit, text)


@pytest.mark.parametrize(
    "countries", [Countries("KZ", None), Countries("RU", frozenset({"KZ"})), Countries("RU", None)], ids=str
)
def test_the_short_way_is_taken_only_at_home(countries):
    for text in ("9123456789", "+79123456789", "89123456789", "77011234567"):
        assert answer(countries._admit, text) == answer(countries.admit, text)
