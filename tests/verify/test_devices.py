"""Tokens of known devices say since when, for one application and phone, and nothing when they are not ours."""

from datetime import UTC
from datetime import datetime

import pytest

from aerocode.crypto import Keyring
from aerocode.phone import Phone
from aerocode.verify.devices import Devices

PHONE, OTHER = Phone("+79123456789"), Phone("+79001112233")
SINCE = datetime(2026, 11, 24, 12, 30, 1, 234567, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32
DEVICES = Devices(Keyring(OLD))


def test_a_token_says_since_when_the_device_is_known():
    assert SINCE == DEVICES.since("shop", PHONE, DEVICES.token("shop", PHONE, SINCE))


@pytest.mark.parametrize(("application", "phone"), [("bank", PHONE), ("shop", OTHER)])
def test_a_token_says_nothing_elsewhere(application, phone):
    assert DEVICES.since(application, phone, DEVICES.token("shop", PHONE, SINCE)) is None


def test_a_token_outlives_a_new_key():
    token = DEVICES.token("shop", PHONE, SINCE)
    assert SINCE == Devices(Keyring(NEW, [OLD])).since("shop", PHONE, token)


def test_a_token_of_another_installation_says_nothing():
    assert Devices(Keyring(NEW)).since("shop", PHONE, DEVICES.token("shop", PHONE, SINCE)) is None


def test_a_token_with_another_time_says_nothing():
    token = DEVICES.token("shop", PHONE, SINCE)
    assert DEVICES.since("shop", PHONE, "A" + token[1:] if token[0] != "A" else "B" + token[1:]) is None


@pytest.mark.parametrize("token", ["", "x", "токен", "====", "A" * 64, "\x00"])
def test_what_is_no_token_says_nothing(token):
    assert DEVICES.since("shop", PHONE, token) is None


@pytest.mark.parametrize(("approved_as_test", "is_test_now"), [(True, False), (False, True)])
def test_a_test_numbers_token_says_nothing_of_an_ordinary_number_nor_the_other_way_round(approved_as_test, is_test_now):
    token = DEVICES.token("shop", PHONE, SINCE, test=approved_as_test)
    assert DEVICES.since("shop", PHONE, token, test=is_test_now) is None


def test_a_test_numbers_token_is_good_while_it_is_one():
    assert SINCE == DEVICES.since("shop", PHONE, DEVICES.token("shop", PHONE, SINCE, test=True), test=True)
