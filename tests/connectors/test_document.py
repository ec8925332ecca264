import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerocode.connectors.document import SIZE_LIMIT
from aerocode.connectors.document import read

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


def told(text):
    data = text if isinstance(text, bytes) else text.encode()
    return [(fault.fault.code, fault.line, fault.column) for fault in read(data).faults]


def walk(value, path=()):
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from walk(child, (*path, key))


@given(VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_json_reads_as_the_standard_library_reads_it(value, indent, escaped, ends):
    text = json.dumps(value, indent=indent, ensure_ascii=escaped).replace("\n", ends)
    document = read(text.encode())
    assert (json.loads(text), ()) == (document.value, document.faults)


@given(VALUES, st.sampled_from([None, 2]), st.sampled_from(["\n", "\r\n"]))
def test_every_value_is_found_where_it_is_written(value, indent, ends):
    text = json.dumps(value, indent=indent, ensure_ascii=True).replace("\n", ends)
    document = read(text.encode())
    for path, child in walk(document.value):
        line, column = document.position(path)
        rest = ends.join(text.split(ends)[line - 1 :])[column - 1 :]
        assert child == json.JSONDecoder().raw_decode(rest)[0]


@given(VALUES)
def test_the_values_of_one_list_stand_one_after_another(value):
    document = read(json.dumps([value, value]).encode())
    first, second = document.position((0,)), document.position((1,))
    assert second == (1, first[1] + len(json.dumps(value)) + len(", "))


@given(st.text(string.printable + "«»“”\u00a0\ufeff{}[]:,\"'", max_size=60))
def test_no_text_breaks_the_reading_and_what_is_not_json_has_a_fault(text):
    document = read(text.encode())
    try:
        json.loads(text, parse_constant=lambda name: pytest.fail(name) if not document.faults else None)
    except ValueError:
        assert document.faults


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reading(data):
    document = read(data)
    assert document.whole or document.faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("expected_value", 1, 1)]),
        (" \n ", [("expected_value", 2, 2)]),
        ('{"a": 1,}', [("trailing_comma", 1, 8)]),
        ("[1,\n 2,\n]", [("trailing_comma", 2, 3)]),
        ("[1,,2]", [("expected_value", 1, 4)]),
        ("[,1]", [("expected_value", 1, 2)]),
        ('{"a": }', [("expected_value", 1, 7)]),
        ("[1 2]", [("expected_comma", 1, 3)]),
        ('{"a": "x"\n "b": 1}', [("expected_comma", 1, 10)]),
        ('{"a" 1}', [("expected_colon", 1, 6)]),
        ('{"a" = 1}', [("expected_colon", 1, 6)]),
        ('{"a"}', [("expected_colon", 1, 5)]),
        ("{'a': 'x'}", [("quotes", 1, 2), ("quotes", 1, 7)]),
        ("{“a”: «x»}", [("quotes", 1, 2), ("quotes", 1, 7)]),
        ("['x]", [("quotes", 1, 2)]),
        ("{a: 1}", [("unquoted_key", 1, 2)]),
        ('{"a": abc}', [("unquoted_text", 1, 7)]),
        ('{"a": <key>}', [("unquoted_text", 1, 7)]),
        ("[True, None]", [("not_json", 1, 2), ("not_json", 1, 8)]),
        ("[NaN, -Infinity]", [("not_json", 1, 2), ("not_json", 1, 7)]),
        ("[01]", [("bad_number", 1, 2)]),
        ("[+1, .5, 1., 0x10, 1e]", [("bad_number", 1, n) for n in (2, 6, 10, 14, 20)]),
        ("[1e999]", [("bad_number", 1, 2)]),
        ("[" + "9" * 5000 + "]", [("bad_number", 1, 2)]),
        ("// x\n{} # y", [("comment", 1, 1), ("comment", 2, 4)]),
        ("/* x\n */ {}", [("comment", 1, 1)]),
        ("{} /* x", [("comment", 1, 4)]),
        ('{"a":\u00a01}', [("odd_space", 1, 6)]),
        ('"a\tb"', [("control_character", 1, 3)]),
        ('"a\x00b\x1f"', [("control_character", 1, 3), ("control_character", 1, 5)]),
        ('"a\nb"', [("string_not_closed", 1, 1)]),
        ('{"a": "x\n}', [("string_not_closed", 1, 7)]),
        (r'"C:\dir"', [("bad_escape", 1, 4)]),
        (r'"\u12"', [("bad_escape", 1, 2)]),
        (r'"\ud83d"', [("half_character", 1, 1)]),
        ('{"a": 1, "a": 2}', [("duplicate_key", 1, 10)]),
        ('{"a": 1,\n "b": {"a": 1},\n "a": 2}', [("duplicate_key", 3, 2)]),
        ("{} {}", [("trailing_text", 1, 4)]),
        ("{}}", [("trailing_text", 1, 3)]),
        ('{"a": [1}', [("not_closed", 1, 9)]),
        ('{"a": {"b": 1}', [("not_closed", 1, 15)]),
        ("[:]", [("expected_value", 1, 2)]),
        ("{,}", [("expected_key", 1, 2)]),
        ("{[1]: 2}", [("expected_key", 1, 2)]),
    ],
)
def test_each_slip_is_told_with_its_place(text, faults):
    assert faults == told(text)


def test_several_slips_are_told_in_one_go():
    text = "{\n  // comment\n  'a': True,\n  b: [1,],\n  \"c\": NaN,\n}"
    expected = [("comment", 2), ("quotes", 3), ("not_json", 3), ("unquoted_key", 4), ("trailing_comma", 4)]
    assert [*expected, ("not_json", 5), ("trailing_comma", 5)] == [(code, line) for code, line, _ in told(text)]


def test_what_was_meant_is_read_around_the_slips():
    assert read(b"{'a': True, b: [1,], \"c\": x}").value == {"a": True, "b": [1], "c": "x"}


def test_every_message_says_what_to_write_and_none_repeats_a_value():
    messages = [fault.fault.message for fault in read(b'{"apiKey": hunter2, "x": 0x10').faults]
    assert all("hunter2" not in message and message.endswith((".", "`")) for message in messages)


def test_of_two_equal_keys_the_later_counts_and_is_found():
    document = read(b'{"a": {"x": 1},\n "a": {}}')
    assert (document.value, document.position(("a", "x"))) == ({"a": {}}, (2, 7))


def test_a_byte_order_mark_is_a_warning_and_moves_no_column():
    document = read(b'\xef\xbb\xbf{"a": 1}')
    assert [(one.fault.code, one.line, one.column) for one in document.warnings] == [("byte_order_mark", 1, 1)]
    assert (document.faults, document.position(("a",))) == ((), (1, 7))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_another_unicode_encoding_is_named(encoding):
    (fault,) = read('{"a": "я"}'.encode(encoding)).faults
    assert (fault.fault.code, fault.line, fault.column) == ("encoding", 1, 1)
    assert "UTF-" in fault.fault.message


def test_bytes_that_are_not_utf8_are_found():
    assert told(b'{\n "\xd1\x8f": ' + '"я"'.encode("cp1251") + b"}") == [("encoding", 2, 8)]


def test_columns_count_characters():
    assert read('{"ключ🙂": 1}'.encode()).position(("ключ🙂",)) == (1, 11)


def test_a_missing_key_is_placed_at_the_object_around_it():
    assert read(b'{\n "a": {"b": 1}}').position(("a", "c", "d")) == (2, 7)


def test_a_file_over_the_limit_is_not_read():
    assert told(b'"' + b"a" * (SIZE_LIMIT - 1) + b'"') == [("too_big", 1, 1)]


def test_a_file_at_the_limit_is_read():
    assert told(b'"' + b"a" * (SIZE_LIMIT - 2) + b'"') == []


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_is_limited_before_it_can_hurt(opening):
    assert [("too_deep", 1, 64 * len(opening) + 1)] == told((opening * 10_000)[:SIZE_LIMIT])


def test_values_64_deep_are_read():
    assert told("[" * 64 + "]" * 64) == []


def test_the_number_of_faults_is_limited():
    assert len(told("[" + "x," * 30_000 + "1]")) == 50
