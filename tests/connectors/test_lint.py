from datetime import timedelta

import pytest

from aerocode.connectors.lint import warnings

LIFE = timedelta(minutes=5)


def told(config, life=LIFE):
    return [(fault.path, fault.code) for fault in warnings(config, life=life)]


def lifetimes(config, content, life=LIFE):
    config["templates"][0]["content"] = content
    return [fault.detail["promised"] for fault in warnings(config, life=life) if fault.code == "wrong_lifetime"]


def test_a_good_config_raises_no_warning(config):
    assert told(config) == []


def test_the_second_template_of_a_usage_type_is_told(config):
    config["templates"].append({"usageType": "Register", "content": "{{code}}"})
    (warning,) = warnings(config, life=LIFE)
    assert (warning.path, warning.code) == (("templates", 4, "usageType"), "duplicate_template")
    assert "Template 2" in warning.message


def test_one_usage_type_in_two_languages_is_no_duplicate(config):
    config["templates"].append({"usageType": "Register", "locale": "ru", "content": "{{code}}"})
    assert told(config) == []


def test_one_language_twice_is_a_duplicate_whatever_its_case(config):
    config["templates"] += [
        {"usageType": "Register", "locale": tag, "content": "{{code}}"} for tag in ("ru-RU", "RU_ru")
    ]
    assert told(config) == [(("templates", 5, "usageType"), "duplicate_template")]


def test_an_unknown_usage_type_is_told_with_the_known_one_it_looks_like(config):
    config["templates"].append({"usageType": "BindMFA", "content": "{{code}}"})
    (warning,) = warnings(config, life=LIFE)
    assert (warning.path, warning.code) == (("templates", 4, "usageType"), "unknown_usage_type")
    assert "BindMfa" in warning.message


def test_a_locale_that_is_no_text_is_told(config):
    config["templates"][0]["locale"] = 5
    assert told(config) == [(("templates", 0, "locale"), "ignored_locale")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("A" * 11, None),
        ("A" * 12, "sender_too_long"),
        ("Пример", "sender_not_latin"),
        (" SMS Aero", "surrounding_space"),
    ],
)
def test_a_sender_networks_will_not_carry_is_told(config, name, code):
    config["senderName"] = name
    assert ([(("senderName",), code)] if code else []) == told(config)


def test_a_key_pasted_with_a_space_is_told(config):
    config["apiKey"] += " "
    assert told(config) == [(("apiKey",), "surrounding_space")]


def test_a_text_over_one_sms_is_told_with_what_it_costs_and_why(config):
    config["templates"][2]["content"] = (
        "Ваш код подтверждения для входа в личный кабинет: {{code}}. Никому его не сообщайте"
    )
    (warning,) = warnings(config, life=LIFE)
    assert (warning.path, warning.code) == (("templates", 2, "content"), "long_text")
    assert warning.detail == {"segments": 2, "encoding": "UCS-2", "units": 81, "room": 70, "character": "В"}
    assert all(part in warning.message for part in ("2 SMS", "“В”", "11 shorter"))


def test_length_is_counted_with_the_tokens_filled_in(config):
    config["templates"][0]["content"] = "{{   code   }}" + "я" * 64
    assert told(config) == []


@pytest.mark.parametrize(
    ("content", "promised"),
    [
        ("{{code}}, valid for 10 minutes", 600),
        ("{{code}}, valid for 10min.", 600),
        ("{{code}}, a 10-minute code", 600),
        ("{{code}}, minutes: 10", 600),
        ("{{code}}, valid for 1 minute", 60),
        ("{{code}}, valid for 90 seconds", 90),
        ("{{code}}, valid for 90s", 90),
        ("{{code}}, valid for 1 hour", 3600),
        ("{{code}} действует 10 минут", 600),
        ("{{code}} действует 10 мин.", 600),
        ("{{code}} действует 2 минуты", 120),
        ("{{code}} действует 90 секунд", 90),
        ("{{code}} ДЕЙСТВУЕТ 10 МИНУТ", 600),
        ("{{code}} действует 1,5 минуты", 90),
        ("{{code}} valable 10 minutes", 600),
        ("{{code}} valable 90 secondes", 90),
        ("{{code}} valable 1 heure", 3600),
    ],
)
def test_a_lifetime_that_is_not_the_real_one_is_told(config, content, promised):
    assert [promised] == lifetimes(config, content)


@pytest.mark.parametrize(
    "content",
    [
        "{{code}}, valid for 5 minutes",
        "{{code}} действует 5 мин.",
        "{{code}}, valid for 300 seconds",
        "{{code}}, valid for {{expiresIn}} minutes",
        "{{ expiresIn }} мин. {{code}}",
        "{{code}} {{a10}} min",
        "{{code}}: 10 minimal steps",
        "{{code}}, line 10. Minutes matter",
        "{{code}} 1234567 minutes",
    ],
)
def test_a_true_or_absent_lifetime_is_not_told(config, content):
    assert lifetimes(config, content) == []


def test_a_lifetime_rounded_down_to_minutes_is_true(config):
    assert lifetimes(config, "{{code}} for 5 min", life=timedelta(seconds=330)) == []


def test_a_wrong_lifetime_is_told_with_both_numbers(config):
    config["templates"][0]["content"] = "{{code}} 10 minutes"
    (warning,) = warnings(config, life=LIFE)
    assert all(part in warning.message for part in ("10 min", "5 min", "{{expiresIn}}"))


@pytest.mark.parametrize(
    "config", [None, [], {}, {"templates": "x"}, {"templates": [None, {"usageType": 5, "content": 5}]}]
)
def test_a_faulty_config_is_linted_as_far_as_it_can_be_read(config):
    assert warnings(config, life=LIFE) == []


def test_one_promise_made_twice_in_a_text_is_told_once(config):
    assert [600] == lifetimes(config, "{{code}} 10 min, 10 minutes")
