"""Section A: how a template is filled in. Section B: what is a fault in a config."""

from lines import betters
from lines import proves

from aerocode.connectors.smsaero_config import faults
from aerocode.connectors.templates import choose
from aerocode.connectors.templates import render

FILLED = {
    1: [("Code {{code}}.", {"code": "123456"}, "Code 123456.")],
    2: [("{{ code }}", {"code": "1"}, "1"), ("{{\tcode\n}}", {"code": "1"}, "1")],
    3: [("{{code}} {{code}}", {"code": "1"}, "1 1")],
    4: [("{{ name }}", {"code": "1"}, "{{ name }}"), ("{{a.b}}", {}, "{{a.b}}")],
    5: [("{{a.b}}", {"a": {"b": "x"}}, "x"), ("{{a.1.b}}", {"a": [0, {"b": "x"}]}, "x")],
    6: [("[{{a.b}}]", {"a": {}}, "[]"), ("[{{a.b}}]", {"a": {"b": None}}, "[]")],
    7: [("[{{a}}]", {"a": None}, "[]"), ("[{{a.b}}]", {"a": None}, "[]")],
    8: [("{{a}}", {"a": value}, text) for value, text in ((0, "0"), (False, "false"), (True, "true"), (1.5, "1.5"))],
    10: [
        (text, {"code": "1", "Code-x": "1", "": "1", "код": "1"}, text)
        for text in ("{{Code}}", "{{код}}", "{{code-x}}", "{{co de}}", "{{}}", "{code}")
    ],
    11: [("{{{code}}}", {"code": "1"}, "{1}")],
    12: [("{{a}}", {"a": "{{b}}", "b": "x"}, "{{b}}")],
    13: [("{{a}}", {"a": "$& $1"}, "$& $1")],
    14: [("Код 🙂 رمز {{code}} 🙂", {"code": "1"}, "Код 🙂 رمز 1 🙂")],
    16: [
        ("{{.code}}", {"code": "1"}, "{{.code}}"),
        ("[{{code.}}]", {"code": "1"}, "[]"),
        ("[{{a..b}}]", {"a": {}}, "[]"),
    ],
}
BETTER = {
    9: [("{{a}}", {"a": {"b": 1}}, '{"b":1}'), ("{{a}}", {"a": [1, 2]}, "[1,2]")],
    15: [(text, {"code": "1"}, text) for text in ("{{toString}}", "{{constructor}}", "{{__class__}}")],
}


def filled(cases):
    def a_template_is_filled_in(world):
        for content, payload, expected in cases:
            assert expected == render(content, payload)

    return a_template_is_filled_in


for _line, _cases in FILLED.items():
    proves(_line)(filled(_cases))
for _line, _cases in BETTER.items():
    betters(_line)(filled(_cases))


def told(config):
    return [(fault.path, fault.code, fault.message) for fault in faults(config)]


def places(config):
    return [(path, code) for path, code, _ in told(config)]


@proves(17)
def a_full_config_is_accepted(world):
    assert [] == faults(world.config)


@proves(18)
def all_missing_keys_are_told_at_once(world):
    missing = [("email",), ("apiKey",), ("senderName",), ("templates",)]
    assert [(path, "invalid_type") for path in missing] == places({})


@proves(19)
def an_odd_email_is_rejected(world):
    for email in ("x", "a@b", "a@b.c", "a..b@c.co", ".a@b.co", "a b@c.co", "почта@пример.рф"):
        assert [(("email",), "invalid_string", "Invalid email")] == told({**world.config, "email": email})


@proves(20)
def an_email_with_signs_is_accepted(world):
    for email in ("A@B.CO", "a+b@c.co", "o'neil@c.co"):
        assert [] == faults({**world.config, "email": email})


@proves(21)
def a_missing_generic_template_is_named(world):
    config = world.config
    config["templates"] = [one for one in config["templates"] if one["usageType"] != "Generic"]
    assert [(("templates",), "custom", "Template with UsageType (Generic) should be provided!")] == told(config)


@proves(22)
def an_empty_list_names_the_four_in_order(world):
    (found,) = told({**world.config, "templates": []})
    assert "(Register, SignIn, ForgotPassword, Generic)" in found[2]


@proves(23)
def a_usage_type_in_lower_case_is_none_of_the_four(world):
    config = world.config
    config["templates"][3]["usageType"] = "generic"
    assert [(("templates",), "custom")] == places(config)


@proves(24)
def unknown_usage_types_and_keys_are_accepted(world):
    extra = {"usageType": "Party", "content": "{{code}}"}
    assert [] == faults({**world.config, "extra": 1, "templates": [*world.config["templates"], extra]})


@proves(25)
def of_two_templates_of_one_type_the_first_is_sent(world):
    twice = [*world.config["templates"], {"usageType": "Generic", "content": "Again {{code}}"}]
    assert [] == faults({**world.config, "templates": twice})
    assert world.config["templates"][3]["content"] == choose(twice, "Generic")


@proves(26)
def content_that_is_no_text_is_told_at_its_place(world):
    config = world.config
    config["templates"][1]["content"] = 5
    assert [(("templates", 1, "content"), "invalid_type")] == places(config)


@betters(27)
def an_empty_key_or_sender_is_rejected(world):
    for key in ("apiKey", "senderName"):
        assert [((key,), "too_small")] == places({**world.config, key: ""})


@betters(28)
def a_template_without_the_code_is_rejected(world):
    config = world.config
    config["templates"][2]["content"] = "no code"
    assert [(("templates", 2, "content"), "custom")] == places(config)


@proves(29)
def a_config_that_is_no_object_is_rejected(world):
    for value in (None, "x"):
        (fault,) = faults(value)
        assert ((), "object") == (fault.path, fault.detail["expected"])
