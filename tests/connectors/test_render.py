"""Section A of the reference: how a template is filled in. Ids name its lines."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerocode.connectors.templates import render

CASES = {
    "line 1: the code replaces its token": ("Code {{code}}.", {"code": "123456"}, "Code 123456."),
    "line 2: spaces inside the braces": ("{{  code }}", {"code": "1"}, "1"),
    "line 2: tab and line break inside the braces": ("{{\tcode\n}}", {"code": "1"}, "1"),
    "line 2: the spaces that only JavaScript counts": ("{{\ufeffcode\u00a0}}", {"code": "1"}, "1"),
    "line 2: not the separators that only Python counts": ("{{\x1ccode}}", {"code": "1"}, "{{\x1ccode}}"),
    "line 3: every occurrence": ("{{code}} {{code}}", {"code": "1"}, "1 1"),
    "line 4: an absent root stays as written": ("{{ name }}", {"code": "1"}, "{{ name }}"),
    "line 4: so does a path below an absent root": ("{{a.b}}", {}, "{{a.b}}"),
    "line 4: a key with a dot in it is not a path": ("{{a.b}}", {"a.b": "x"}, "{{a.b}}"),
    "line 5: a nested value": ("{{a.b.c}}", {"a": {"b": {"c": "x"}}}, "x"),
    "line 5: an item of an array": ("{{a.1}}", {"a": ["x", "y"]}, "y"),
    "line 5: a value inside an item": ("{{a.0.b}}", {"a": [{"b": "x"}]}, "x"),
    "line 5: the length of an array": ("{{a.length}}", {"a": [1, 2]}, "2"),
    "line 6: an absent nested key is empty": ("[{{a.b}}]", {"a": {}}, "[]"),
    "line 6: a null nested key is empty": ("[{{a.b}}]", {"a": {"b": None}}, "[]"),
    "line 6: an index past the end is empty": ("[{{a.7}}]", {"a": [1]}, "[]"),
    "line 6: an index of thousands of digits is empty": (f"[{{{{a.{'9' * 5000}}}}}]", {"a": [1]}, "[]"),
    "line 6: an index with a leading zero is empty": ("[{{a.00}}]", {"a": [1]}, "[]"),
    "line 6: a string is not walked": ("[{{a.length}}]", {"a": "str"}, "[]"),
    "line 7: a null root is empty": ("[{{a}}]", {"a": None}, "[]"),
    "line 7: so is a path below it": ("[{{a.b}}]", {"a": None}, "[]"),
    "line 8: zero": ("{{a}}", {"a": 0}, "0"),
    "line 8: false": ("{{a}}", {"a": False}, "false"),
    "line 8: true": ("{{a}}", {"a": True}, "true"),
    "line 8: a fraction": ("{{a}}", {"a": 1.5}, "1.5"),
    "line 9: an object is JSON": ("{{a}}", {"a": {"b": [1, "я"]}}, '{"b":[1,"я"]}'),
    "line 9: an array is JSON": ("{{a}}", {"a": [1, 2]}, "[1,2]"),
    "line 10: another case": ("{{Code}}", {"code": "1"}, "{{Code}}"),
    "line 10: Cyrillic keys": ("{{код}}", {"код": "1"}, "{{код}}"),
    "line 10: a hyphen": ("{{code-x}}", {"code": "1", "code-x": "1"}, "{{code-x}}"),
    "line 10: a space within the key": ("{{co de}}", {"code": "1"}, "{{co de}}"),
    "line 10: nothing between the braces": ("{{}}", {"": "1"}, "{{}}"),
    "line 10: single braces": ("{code}", {"code": "1"}, "{code}"),
    "line 10: an unclosed token": ("{{code}", {"code": "1"}, "{{code}"),
    "line 11: triple braces keep one on each side": ("{{{code}}}", {"code": "1"}, "{1}"),
    "line 12: a value is not expanded again": ("{{a}}", {"a": "{{b}}", "b": "x"}, "{{b}}"),
    "line 13: a dollar pattern": ("{{a}}", {"a": "$& $1 $$"}, "$& $1 $$"),
    "line 13: a backslash pattern": ("{{a}}", {"a": r"\g<0> \1"}, r"\g<0> \1"),
    "line 14: text of any script": ("Код 🙂 رمز {{code}} 🙂", {"code": "1"}, "Код 🙂 رمز 1 🙂"),
    "line 15: toString": ("{{toString}}", {"code": "1"}, "{{toString}}"),
    "line 15: constructor": ("{{constructor}}", {"code": "1"}, "{{constructor}}"),
    "line 15: a Python attribute": ("{{__class__}}", {"code": "1"}, "{{__class__}}"),
    "line 15: a Python attribute of a value": ("[{{code.__class__}}]", {"code": "1"}, "[]"),
    "line 16: a leading dot": ("{{.code}}", {"code": "1", "": {"code": "x"}}, "{{.code}}"),
    "line 16: a dot alone": ("{{.}}", {"": "1"}, "{{.}}"),
    "line 16: a trailing dot": ("[{{code.}}]", {"code": "1"}, "[]"),
    "line 16: two dots": ("[{{a..b}}]", {"a": {"b": 1}}, "[]"),
    "a key that is empty can be walked": ("{{a..b}}", {"a": {"": {"b": "x"}}}, "x"),
}


@pytest.mark.parametrize(("content", "payload", "expected"), CASES.values(), ids=CASES.keys())
def test_a_template_is_filled_in_as_the_reference_does(content, payload, expected):
    assert expected == render(content, payload)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (-2.5, "-2.5"),
        (0.1, "0.1"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (1.25e-9, "1.25e-9"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (10**21, "1e+21"),
        (2**53, "9007199254740992"),
        (2**53 + 1, "9007199254740992"),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
    ],
)
def test_a_number_is_written_as_javascript_writes_it(number, expected):
    assert expected == render("{{n}}", {"n": number})


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_reads_back_as_the_same_number(number):
    assert number == float(render("{{n}}", {"n": number}))


@given(st.text(), st.text())
def test_a_value_is_printed_whatever_it_looks_like(value, other):
    assert f"<{value}>" == render("<{{value}}>", {"value": value, "other": other})


@given(st.lists(st.sampled_from(["{{code}}", "{{name}}", "{{", "}}", "{", "code", " "]), max_size=8).map("".join))
def test_what_a_caller_says_never_becomes_the_code(value):
    assert "SECRET" not in render("{{name}}", {"name": value, "code": "SECRET"})


@given(st.dictionaries(st.text("abc", min_size=1, max_size=2), st.text(max_size=5)))
def test_text_without_braces_is_never_touched(payload):
    assert json.dumps(payload).replace("{", "") == render(json.dumps(payload).replace("{", ""), payload)


def test_many_open_braces_are_read_in_one_go():
    # Quadratic matching of this would take minutes, and anyone who may write a template could ask for it.
    hostile = "{{" + " " * 30_000 + "{{" * 10_000 + "a" * 30_000
    assert hostile == render(hostile, {"code": "1"})
