"""Which template is used. Line 25, 33 and 34 of the reference are here as far as they are not about the wire."""

import pytest

from aerocode.connectors.templates import choose

TEMPLATES = [
    {"usageType": "SignIn", "content": "in ru", "locale": "ru"},
    {"usageType": "SignIn", "content": "in fr-CA", "locale": "fr-CA"},
    {"usageType": "SignIn", "content": "in plain"},
    {"usageType": "SignIn", "content": "in plain again"},
    {"usageType": "Register", "content": "up de", "locale": "de"},
    {"usageType": "Register", "content": "up fr", "locale": "fr"},
    {"usageType": "Generic", "content": "any ru", "locale": "ru"},
    {"usageType": "Generic", "content": "any plain"},
]


@pytest.mark.parametrize(
    ("usage", "locale", "expected"),
    [
        pytest.param("SignIn", "ru", "in ru", id="the whole tag"),
        pytest.param("SignIn", "ru-RU", "in ru", id="the language part of the tag"),
        pytest.param("SignIn", "RU_ru", "in ru", id="whatever the case and the separator"),
        pytest.param("SignIn", "fr-ca", "in fr-CA", id="the whole tag of the template, whatever its case"),
        pytest.param("SignIn", "fr", "in plain", id="another region's text is not for the language"),
        pytest.param("SignIn", "", "in plain", id="line 25: the first of two equal ones"),
        pytest.param("SignIn", "es", "in plain", id="no text of that language"),
        pytest.param("Register", "es", "up de", id="nor one without a language: the first of the type"),
        pytest.param("Register", "", "up de", id="nobody's language and no text without one"),
        pytest.param("BindMfa", "ru", "any ru", id="line 34: no text of the type, Generic in the language"),
        pytest.param("BindMfa", "fr", "any plain", id="line 34: no text of the type, Generic"),
    ],
)
def test_the_nearest_template_is_chosen(usage, locale, expected):
    assert expected == choose(TEMPLATES, usage, locale)


def test_line_33_nothing_is_chosen_when_there_is_neither_the_type_nor_generic():
    assert choose([{"usageType": "SignIn", "content": "x"}], "BindMfa", "ru") is None


def test_a_locale_that_is_no_text_counts_as_none():
    assert choose([{"usageType": "Generic", "content": "x", "locale": 5}], "Generic", "") == "x"
