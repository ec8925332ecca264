from aerocode.connectors.masking import MASK
from aerocode.connectors.masking import clean
from aerocode.connectors.masking import masked
from aerocode.connectors.masking import with_secret_kept
from aerocode.connectors.smsaero_config import faults


def without_key(config):
    return {name: value for name, value in config.items() if name != "apiKey"}


def test_a_shown_config_has_the_mask_for_a_key(config):
    assert {**config, "apiKey": MASK} == masked(config)


def test_a_shown_config_without_a_key_gets_none():
    assert masked({"email": "x"}) == {"email": "x"}


def test_masking_leaves_the_saved_config_as_it_was(config):
    masked(config)
    assert config["apiKey"] == "not-a-real-api-key"


def test_the_key_is_kept_when_it_was_left_out(config):
    assert config == with_secret_kept(without_key(config), config)


def test_the_key_is_kept_when_the_mask_comes_back(config):
    assert config == with_secret_kept(masked(config), config)


def test_a_new_key_replaces_the_kept_one(config):
    assert with_secret_kept({**config, "apiKey": "new"}, config)["apiKey"] == "new"


def test_the_key_is_not_kept_for_another_email(config):
    for new in (masked(config), without_key(config)):
        kept = with_secret_kept({**new, "email": "other@example.com"}, config)
        assert [fault.path for fault in faults(kept)] == [("apiKey",)]


def test_an_emptied_key_is_not_filled_in(config):
    assert with_secret_kept({**config, "apiKey": ""}, config)["apiKey"] == ""


def test_what_is_empty_in_unknown_keys_is_dropped_at_any_depth(config):
    extra = {
        "a": "",
        "b": None,
        "c": [],
        "d": {},
        "e": {"f": [{"g": None}, ""]},
        "h": 0,
        "i": False,
        "j": [0, None, " "],
    }
    assert {**config, "h": 0, "i": False, "j": [0, " "]} == clean({**config, **extra})


def test_what_is_empty_in_a_template_is_dropped(config):
    before = [dict(template) for template in config["templates"]]
    config["templates"][0] |= {"locale": "", "note": None}
    assert before == clean(config)["templates"]


def test_a_known_field_never_vanishes():
    odd = {"email": "", "apiKey": None, "senderName": "", "templates": [{"usageType": "", "content": ""}, {}, None]}
    assert odd == clean(odd)


def test_cleaning_keeps_the_order_of_keys(config):
    assert list(clean({"z": 1, **config, "a": 1})) == ["z", *config, "a"]


def test_cleaning_leaves_the_given_config_as_it_was(config):
    config["extra"] = {"a": None}
    clean(config)
    assert config["extra"] == {"a": None}
