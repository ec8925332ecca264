"""Delivery reports as they come, or might."""

import json

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from aerocode.smsaero import SmsStatus
from aerocode.smsaero import read_callback

JSON = json.dumps
both = pytest.mark.parametrize(
    "body",
    [
        b"id=5&status=1&extendStatus=delivery&novelty=x",
        JSON({"id": 5, "status": 1, "extendStatus": "delivery", "novelty": "x"}).encode(),
        JSON({"id": "5", "status": "1", "extendStatus": "delivery", "novelty": "x"}).encode(),
        b' [{"id":5,"status":1,"extendStatus":"delivery","novelty":"x"}]\n',
    ],
    ids=["form", "json", "json with strings", "array of one"],
)


@both
def test_a_report_is_read_from_either_shape(body):
    report = read_callback(body)

    assert (5, SmsStatus.DELIVERED, "delivery") == (report.id, report.status, report.extend_status)


@both
def test_fields_nobody_documented_are_kept(body):
    assert read_callback(body).fields["novelty"] == "x"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"id=5", (5, None, "")),
        (b"status=0", (None, 0, "")),
        (b'{"status":8}', (None, 8, "")),
        (b"id=five&status=2", (None, 2, "")),
        (b"id=5&status=42", (5, 42, "")),
        (b"id=5&id=6", (6, None, "")),
        ("id=5&extendStatus=%D0%B4%D0%B0&text=да".encode(), (5, None, "да")),
        (b"id=5&x=\xff", (5, None, "")),
        (b'\xef\xbb\xbf{"id":5,"status":1}', (5, 1, "")),
        (b"\xef\xbb\xbfid=5&status=1", (5, 1, "")),
        (b"id=5&extendStatus=a%00b", (5, None, "a?b")),
    ],
)
def test_what_is_missing_or_unreadable_is_none(body, expected):
    report = read_callback(body)

    assert expected == (report.id, report.status, report.extend_status)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"hello", b"{", b"[]", b"[1]", b"{}", b"null", b'"id=5"', b"[" * 60_000, b"id=0", b"id=-5",
        b"extendStatus=x", b'[{"id":5},{"id":6}]', b"a=1&" * 200 + b"id=5", b"id=5&x=" + b"x" * 70_000,
    ],
)  # fmt: skip
def test_what_tells_neither_an_id_nor_a_status_is_no_report(body):
    assert read_callback(body) is None


def test_the_repr_of_a_report_hides_what_else_came():
    assert "79990000000" not in repr(read_callback(b"id=5&number=79990000000"))


@settings(deadline=None)  # a busy machine is no failure
@any_of(body=st.binary() | st.text().map(str.encode))
def test_no_body_whatever_raises(body):
    read_callback(body)
