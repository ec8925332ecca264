import json
from datetime import timedelta

from aerocode.connectors.check import check

LIFE = timedelta(minutes=5)


def placed(found):
    return [(one.fault.code, one.line, one.column) for one in found]


def written(config):
    return json.dumps(config, indent=2, ensure_ascii=False).encode()


def line_of(data, needle, number):
    """The line of the occurrence `number` (from 1) of a text."""
    return [index for index, line in enumerate(data.decode().split("\n"), 1) if needle in line][number - 1]


def test_a_good_file_yields_its_config_and_nothing_to_say(config):
    checked = check(written(config), life=LIFE)
    assert (config, [], []) == (checked.config, checked.faults, checked.warnings)


def test_a_fault_leaves_no_config(config):
    del config["email"]
    assert check(written(config), life=LIFE).config is None


def test_of_two_equal_faulty_values_each_is_told_at_its_own_place(config):
    config["templates"][1]["content"] = config["templates"][3]["content"] = "no code"
    data = written(config)
    expected = [("custom", line_of(data, '"no code"', n), 18) for n in (1, 2)]
    assert expected == placed(check(data, life=LIFE).faults)


def test_a_faulty_value_is_told_at_its_place_and_not_at_an_equal_good_one(config):
    config["note"] = "{{code}} 10 min"
    config["templates"][2]["content"] = "{{code}} 10 min"
    data = written({"note": config.pop("note"), **config})
    assert [("wrong_lifetime", line_of(data, "10 min", 2), 18)] == placed(check(data, life=LIFE).warnings)


def test_two_equal_promises_are_told_twice(config):
    config["templates"][0]["content"] = config["templates"][2]["content"] = "{{code}} 10 min"
    data = written(config)
    expected = [("wrong_lifetime", line_of(data, "10 min", n), 18) for n in (1, 2)]
    assert expected == placed(check(data, life=LIFE).warnings)


def test_a_missing_key_is_told_at_the_object_it_is_missing_from(config):
    del config["templates"][1]["content"]
    data = written(config)
    brace = line_of(data, '"usageType"', 2) - 1
    assert [("invalid_type", brace, 5)] == placed(check(data, life=LIFE).faults)


def test_missing_templates_are_told_at_the_list(config):
    config["templates"] = []
    data = written(config)
    assert [("custom", line_of(data, '"templates"', 1), 16)] == placed(check(data, life=LIFE).faults)


def test_faults_stand_in_the_order_of_the_file(config):
    config["templates"][0]["content"] = ""
    config["email"] = "x"
    data = written({"templates": config.pop("templates"), **config})
    assert [code for code, _, _ in placed(check(data, life=LIFE).faults)] == ["too_small", "invalid_string"]


def test_faults_of_writing_and_of_values_are_told_together():
    text = b'{\n "email": "x",\n "apiKey": "k",\n "senderName": "S",\n "templates": [],\n}'
    expected = [("invalid_string", 2, 11), ("custom", 5, 15), ("trailing_comma", 5, 17)]
    assert expected == placed(check(text, life=LIFE).faults)


def test_a_value_that_could_not_be_read_is_told_once():
    checked = check(b'{"email": NaN, "apiKey": "k", "senderName": "S", "templates": []}', life=LIFE)
    assert placed(checked.faults) == [("not_json", 1, 11), ("custom", 1, 63)]


def test_a_file_cut_short_is_told_only_that():
    assert placed(check(b'{"email": "x"', life=LIFE).faults) == [("not_closed", 1, 14)]


def test_a_byte_order_mark_is_a_warning_beside_a_config(config):
    checked = check(b"\xef\xbb\xbf" + written(config), life=LIFE)
    assert (config, [("byte_order_mark", 1, 1)]) == (checked.config, placed(checked.warnings))


def test_warnings_are_told_beside_faults(config):
    config["email"] = "x"
    config["senderName"] = "A" * 12
    checked = check(written(config), life=LIFE)
    assert placed(checked.faults) == [("invalid_string", 2, 12)]
    assert placed(checked.warnings) == [("sender_too_long", 4, 17)]


def test_the_lifetime_checked_is_the_one_given(config):
    config["templates"][0]["content"] = "{{code}} 10 min"
    assert check(written(config), life=timedelta(minutes=10)).warnings == []


def test_the_repr_of_a_check_holds_no_key(config):
    assert config["apiKey"] not in repr(check(written(config), life=LIFE))
