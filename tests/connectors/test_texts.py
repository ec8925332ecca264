from datetime import timedelta

import pytest

from aerocode.connectors import texts
from aerocode.connectors.lint import warnings
from aerocode.connectors.segments import measure
from aerocode.connectors.smsaero_config import faults
from aerocode.connectors.templates import render
from aerocode.connectors.templates import tokens
from aerocode.model.states import UsageType

ALL = [
    pytest.param(text, id=f"{language} {usage}")
    for language, given in (("en", texts.ENGLISH), ("ru", texts.RUSSIAN), ("fr", texts.FRENCH))
    for usage, text in given.items()
]


@pytest.mark.parametrize("given", [texts.ENGLISH, texts.RUSSIAN, texts.FRENCH])
def test_every_usage_type_has_a_text(given):
    assert set(UsageType) == set(given)


@pytest.mark.parametrize("given", [texts.ENGLISH, texts.RUSSIAN, texts.FRENCH])
def test_no_two_usage_types_share_a_text(given):
    assert len(given) == len(set(given.values()))


@pytest.mark.parametrize("text", ALL)
def test_a_text_names_the_product_the_code_and_the_real_lifetime(text):
    assert tokens(text) == {"appName", "code", "expiresIn"}


@pytest.mark.parametrize("text", texts.ENGLISH.values())
def test_an_english_text_fits_one_sms_with_a_long_product_name(text):
    size = measure(render(text, {"appName": "A" * 20, "code": "1234567890", "expiresIn": 10}))
    assert (size.encoding, size.segments) == ("GSM-7", 1)


@pytest.mark.parametrize("text", [*texts.RUSSIAN.values(), *texts.FRENCH.values()])
def test_a_translated_text_fits_one_sms_even_with_a_cyrillic_product_name(text):
    size = measure(render(text, {"appName": "Пример.орг", "code": "123456", "expiresIn": 10}))
    assert (size.encoding, size.segments) == ("UCS-2", 1)


@pytest.mark.parametrize("extra", [[], texts.translated("ru"), texts.translated("fr")])
def test_the_offered_texts_pass_the_guard_and_raise_no_warning(config, extra):
    config["templates"] = [*texts.offered(), *extra]
    assert (faults(config), warnings(config, life=timedelta(minutes=7))) == ([], [])


def test_the_offered_texts_are_fresh_each_time():
    texts.offered()[0]["content"] = "changed"
    assert texts.offered()[0]["content"] != "changed"
