"""Section B of the reference: what is a fault in a config. Names and ids carry its lines."""

import pytest

from aerocode.connectors.masking import MASK
from aerocode.connectors.smsaero_config import faults


def told(config):
    return [(fault.path, fault.code) for fault in faults(config)]


def only(config):
    (fault,) = faults(config)
    return fault


def test_line_17_a_full_config_is_accepted(config):
    assert faults(config) == []


@pytest.mark.parametrize("key", ["email", "apiKey", "senderName", "templates"])
def test_line_18_a_missing_key_is_told_as_undefined(config, key):
    del config[key]
    fault = only(config)
    expected = "array" if key == "templates" else "string"
    assert (fault.path, fault.code, fault.detail) == (
        (key,),
        "invalid_type",
        {"expected": expected, "received": "undefined"},
    )


def test_line_18_all_missing_keys_are_told_at_once_in_the_order_of_the_fields():
    assert [fault.path for fault in faults({})] == [("email",), ("apiKey",), ("senderName",), ("templates",)]


@pytest.mark.parametrize(
    "email",
    [
        *["x", "a@b", "a@b.c", "a..b@c.co", ".a@b.co", "a b@c.co", "почта@пример.рф", "a@пример.рф"],  # line 19
        *["", "a.@b.co", "a@-b.co", "a@b_c.co", "a!b@c.co", "a%b@c.co", '"a"@b.co', "a'@b.co", "a@1.2.3.4"],
        *["a@b.c0", "a@b.co\n", "\na@b.co", " a@b.co", "a@b.co ", "a@b..co", "a@.co", "@b.co", "a@b.co.", "a@@b.co"],
        *["a@b.ſs", "ſ@b.co", "\u212a@b.co"],  # look like s and k to a match that folds case
        "a" * 50_000 + "@",
    ],
)
def test_line_19_an_email_zod_rejects_is_rejected(config, email):
    config["email"] = email
    fault = only(config)
    assert (fault.path, fault.code, fault.message, fault.detail) == (
        ("email",),
        "invalid_string",
        "Invalid email",
        {"validation": "email"},
    )


@pytest.mark.parametrize(
    "email", ["A@B.CO", "a+b@c.co", "o'neil@c.co", "a@b.co", "a-@b.co", "a@b-.co", "'a@b.co", "a_b.c@d1.e-f.info"]
)
def test_line_20_an_email_zod_accepts_is_accepted(config, email):
    config["email"] = email
    assert faults(config) == []


def test_line_21_a_missing_generic_template_is_named(config):
    del config["templates"][3]
    fault = only(config)
    assert (fault.path, fault.code, fault.message) == (
        ("templates",),
        "custom",
        "Template with UsageType (Generic) should be provided!",
    )


def test_line_22_an_empty_list_names_the_four_in_order(config):
    config["templates"] = []
    expected = "Template with UsageType (Register, SignIn, ForgotPassword, Generic) should be provided!"
    assert expected == only(config).message


def test_line_23_a_usage_type_in_lower_case_is_not_the_required_one(config):
    config["templates"][3]["usageType"] = "generic"
    assert told(config) == [(("templates",), "custom")]


def test_line_24_unknown_usage_types_and_keys_are_accepted(config):
    config["templates"].append({"usageType": "Party", "content": "{{code}}", "colour": None})
    config["templates"].append({"usageType": "", "content": "{{code}}", "locale": 7})
    config["extra"] = {"any": ["thing"]}
    assert faults(config) == []


def test_line_25_two_templates_of_one_type_are_accepted(config):
    config["templates"].append({"usageType": "Generic", "content": "Again {{code}}"})
    assert faults(config) == []


@pytest.mark.parametrize(
    ("value", "received"),
    [(5, "number"), (1.5, "number"), (True, "boolean"), (None, "null"), ([], "array"), ({}, "object")],
)
def test_line_26_content_of_another_type_is_told_at_its_place(config, value, received):
    config["templates"][1]["content"] = value
    fault = only(config)
    assert (fault.path, fault.code, fault.detail) == (
        ("templates", 1, "content"),
        "invalid_type",
        {"expected": "string", "received": received},
    )


@pytest.mark.parametrize("key", ["apiKey", "senderName"])
@pytest.mark.parametrize("empty", ["", "  \n"])
def test_line_27_an_empty_key_or_sender_is_rejected(config, key, empty):
    config[key] = empty
    fault = only(config)
    assert (fault.path, fault.code, fault.detail) == (
        (key,),
        "too_small",
        {"minimum": 1, "type": "string", "inclusive": True, "exact": False},
    )


@pytest.mark.parametrize("content", ["No code", "{code}", "{{Code}}", "{{code.x}}", "{{codes}}", "{{ co de }}", "  "])
def test_line_28_a_template_without_the_code_is_rejected(config, content):
    config["templates"][2]["content"] = content
    fault = only(config)
    assert (fault.path, fault.code) == (("templates", 2, "content"), "custom")
    assert "{{code}}" in fault.message


@pytest.mark.parametrize("content", ["{{code}}", "{{ code }}", "{{\ufeffcode\t}}", "{{{code}}}"])
def test_line_28_the_code_is_found_wherever_it_would_be_rendered(config, content):
    config["templates"][2]["content"] = content
    assert faults(config) == []


def test_line_28_an_empty_text_is_told_once(config):
    config["templates"][0]["content"] = ""
    assert told(config) == [(("templates", 0, "content"), "too_small")]


@pytest.mark.parametrize(
    ("config", "received"), [(None, "null"), ("x", "string"), ([], "array"), (1, "number"), (False, "boolean")]
)
def test_line_29_a_config_that_is_no_object_is_rejected(config, received):
    fault = only(config)
    assert (fault.path, fault.code, fault.detail) == (
        (),
        "invalid_type",
        {"expected": "object", "received": received},
    )


def test_a_malformed_template_keeps_the_missing_types_untold(config):
    config["templates"] = [{"usageType": "SignIn", "content": 5}]
    assert told(config) == [(("templates", 0, "content"), "invalid_type")]


def test_missing_types_are_told_beside_other_faulty_fields(config):
    config["email"] = "x"
    config["templates"] = []
    assert told(config) == [(("email",), "invalid_string"), (("templates",), "custom")]


def test_faults_of_ours_do_not_hide_the_missing_types(config):
    config["templates"] = [{"usageType": "SignIn", "content": "no code"}]
    assert told(config) == [(("templates", 0, "content"), "custom"), (("templates",), "custom")]


def test_every_fault_is_told_at_once():
    broken = {"email": "x", "apiKey": 5, "senderName": "", "templates": ["x", {}, {"usageType": 1, "content": None}]}
    assert told(broken) == [
        (("email",), "invalid_string"),
        (("apiKey",), "invalid_type"),
        (("senderName",), "too_small"),
        (("templates", 0), "invalid_type"),
        (("templates", 1, "usageType"), "invalid_type"),
        (("templates", 1, "content"), "invalid_type"),
        (("templates", 2, "usageType"), "invalid_type"),
        (("templates", 2, "content"), "invalid_type"),
    ]


def test_the_mask_is_not_a_key(config):
    config["apiKey"] = MASK
    fault = only(config)
    assert (fault.path, fault.code) == (("apiKey",), "custom")
    assert "write the API key" in fault.message


@pytest.mark.parametrize("key", ["apiKey", "senderName"])
def test_half_a_character_is_rejected_before_it_breaks_a_send(config, key):
    config[key] = "x\ud83d"
    assert [((key,), "custom")] == told(config)


def test_no_fault_quotes_the_key(config):
    config["apiKey"] = {"secret": "hunter2"}
    assert "hunter2" not in repr(faults(config))
