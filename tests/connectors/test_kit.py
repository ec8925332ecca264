"""What the console and Logto's clients read of a factory."""

import copy
import json
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from aerocode.connectors.kit import SMS_AERO
from aerocode.connectors.kit import factories
from aerocode.model.states import UsageType


@pytest.fixture
def metadata():
    return SMS_AERO.metadata()


@pytest.fixture
def accepts():
    return jsonschema_rs.validator_for(SMS_AERO.schema()).is_valid


def test_one_factory_is_registered_under_its_id():
    assert dict(factories) == {"smsaero-short-message-service": SMS_AERO}


def test_the_factory_has_logtos_type_and_target():
    assert (SMS_AERO.type, SMS_AERO.target) == ("Sms", "smsaero-sms")


def test_the_metadata_has_the_fields_logtos_clients_require(metadata):
    expected = {"id", "target", "platform", "name", "description", "logo", "logoDark", "readme", "configTemplate"}
    assert expected | {"formItems"} == set(metadata)


def test_an_sms_connector_has_no_platform_and_no_dark_logo(metadata):
    assert (metadata["platform"], metadata["logoDark"]) == (None, None)


@pytest.mark.parametrize("field", ["name", "description"])
def test_names_are_given_in_three_languages(metadata, field):
    assert {"en", "ru", "fr"} == set(metadata[field])


def test_the_logo_is_a_drawing_without_scripts_or_links(metadata):
    kind, _, drawing = metadata["logo"].partition(",")
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(unquote(drawing)).iter()}
    assert (kind, tags) == ("data:image/svg+xml", {"svg", "path"})


def test_the_metadata_is_json(metadata):
    assert metadata == json.loads(json.dumps(metadata))


def test_changing_the_metadata_changes_nobody_elses(metadata):
    metadata["formItems"][3]["defaultValue"].clear()
    metadata["name"]["en"] = "changed"
    assert SMS_AERO.metadata()["formItems"][3]["defaultValue"]
    assert SMS_AERO.metadata()["name"]["en"] == "SMS Aero"


def test_the_form_asks_for_the_four_fields_and_requires_each(metadata):
    assert [(item["key"], item["type"]) for item in metadata["formItems"] if item["required"]] == [
        ("email", "Text"),
        ("apiKey", "Text"),
        ("senderName", "Text"),
        ("templates", "Json"),
    ]


def test_only_the_key_is_confidential(metadata):
    assert [item["key"] for item in metadata["formItems"] if item.get("isConfidential")] == ["apiKey"]


def test_the_form_offers_a_text_for_each_usage_type(metadata):
    assert list(UsageType) == [item["usageType"] for item in metadata["formItems"][3]["defaultValue"]]


def test_the_config_template_passes_the_guard(metadata):
    assert SMS_AERO.faults(json.loads(metadata["configTemplate"])) == []


def test_the_guide_walks_through_the_whole_set_up(metadata):
    steps = ("account", "API key", "Sender name", "Templates", "Send", "Save and Done", "{{expiresIn}}", "`SMS Aero`")
    assert all(step in metadata["readme"] for step in steps)


def test_the_schema_describes_every_field():
    fields = SMS_AERO.schema()["properties"]
    assert all(
        field["description"] for field in (*fields.values(), *fields["templates"]["items"]["properties"].values())
    )


def changed(config, path, value):
    broken = copy.deepcopy(config)
    *way, last = path
    place = broken
    for step in way:
        place = place[step]
    place[last] = value
    return broken


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("extra",), None),
        (("email",), "x"),
        (("email",), "a@b.co\n"),
        (("email",), "o'neil@c.co"),
        (("email",), 5),
        (("apiKey",), ""),
        (("apiKey",), " "),
        (("senderName",), None),
        (("templates",), []),
        (("templates",), {}),
        (("templates", 0), "x"),
        (("templates", 0), {"usageType": "SignIn"}),
        (("templates", 3, "usageType"), "generic"),
        (("templates", 3, "content"), "no code"),
        (("templates", 3, "content"), "{{ code }}"),
        (("templates", 3, "content"), ""),
        (("templates", 3, "locale"), 5),
    ],
)
def test_the_schema_and_the_guard_agree(config, accepts, path, value):
    config = changed(config, path, value)
    assert accepts(config) == (SMS_AERO.faults(config) == [])


def test_the_schema_accepts_a_good_config(config, accepts):
    assert accepts(config)


@pytest.mark.parametrize("config", [None, "x", [], {}])
def test_the_schema_rejects_what_is_no_config(config, accepts):
    assert not accepts(config)
