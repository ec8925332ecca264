"""What the official client for Node.js gets from the double: envelopes with the fields the one for Python gets."""

import pytest
from official_words import fields

PYTHON = {
    "send": "send_sms",
    "smsStatus": "sms_status",
    "smsList": "sms_list",
    "balance": "balance",
    "addBalance": "balance_add",
    "cards": "cards",
    "tariffs": "tariffs",
    "signList": "sign_list",
    "groupAdd": "group_add",
    "groupList": "group_list",
    "contactAdd": "contact_add",
    "contactList": "contact_list",
    "blacklistAdd": "blacklist_add",
    "blacklistList": "blacklist_list",
    "hlrCheck": "hlr_check",
    "hlrStatus": "hlr_status",
    "viberSend": "viber_send",
    "viberSignList": "viber_sign_list",
    "viberList": "viber_list",
}
CALL = {
    "id": "int",
    "status": "int",
    "code": "str",
    "phone": "str",
    "cost": "str",
    "timeCreate": "int",
    "timeUpdate": "int",
}


@pytest.fixture
def ran(report, protocol, place):
    return report("node", protocol, place)


@pytest.fixture
def results(ran):
    return {label: result for label, result in ran["results"].items() if isinstance(result, dict)}


def test_every_answer_is_an_envelope_but_two_refusals(results):
    thrown = [label for label, result in results.items() if {"success", "data", "message"} != set(result)]

    assert ["send 0001", "send 0002"] == thrown


def test_a_refusal_with_a_status_is_an_error(results):
    assert (402, 401) == tuple(int(results[label]["says"][-3:]) for label in ("send 0001", "send 0002"))


def test_a_refusal_with_200_is_handed_on(results):
    assert {"success": False, "data": None, "message": "Message rejected"} == results["send 0007"]


def test_every_other_answer_is_a_success(results):
    assert {"send 0001", "send 0002", "send 0007"} == {
        label for label, result in results.items() if result.get("success") is not True
    }


@pytest.mark.parametrize("method", PYTHON)
def test_an_answer_has_the_fields_that_the_client_for_python_gets(results, report, method):
    other = report("sync", "https")["results"][PYTHON[method]]

    assert set(fields(other)) == set(fields(results[method]["data"]))


@pytest.mark.parametrize("method", ["flashcallSend", "flashcallStatus", "flashcallList"])
def test_a_flash_call_has_the_fields_that_are_known(results, method):
    data = results[method]["data"]
    call = data["list"][0] if method == "flashcallList" else data
    more = {"timeSend": "int"} if method == "flashcallStatus" else {}

    assert CALL | more == {name: type(value).__name__ for name, value in call.items()}


def test_a_flash_call_moves_with_the_clock(results):
    assert (0, 1) == tuple(results[label]["data"]["status"] for label in ("flashcallSend", "flashcallStatus"))


def test_a_new_sign_is_listed(results):
    assert "MyShop" == results["signList"]["data"]["0"]["name"]


def test_a_delivered_message_is_told_so(results):
    assert (0, 1) == tuple(results[label]["data"]["status"] for label in ("send", "smsStatus"))
