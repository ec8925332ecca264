"""What the two official clients for Python get from the double, beside what their own documentation shows."""

import pytest
from official_words import fields

LINKS = {"self", "first", "prev", "next", "last"}
CHANNELS = {"FREE SIGN", "DIRECT"}
# Where the double differs from the examples, because other sources differ from them too.
ANOTHER_TYPE = {("sms_status", "number"), ("sms_list", "number")}
ONE_MORE = {("viber_list", "totalCount")}
# Nothing is kept about a number that these clients can only name.
UNTOLD = {("blacklist_add", name) for name in ("sex", "lname", "fname", "sname")}
UNTOLD |= {("blacklist_list", name) for _, name in UNTOLD}

REFUSALS = {
    "send_sms 0001": "Not enough money",
    "send_sms 0002": "Your request was made with invalid credentials.",
    "send_sms 0004": "Validation error.",
    "send_sms 0006": "Too many requests",
    "send_sms 0007": "Message rejected",
    "verify_mobile_id wrong": "Validation error.",
    "request nothing": "Method not found.",
}


@pytest.fixture(params=["sync", "async"])
def client(request):
    return request.param


@pytest.fixture
def ran(report, client, protocol, place):
    return report(client, protocol, place)


@pytest.fixture
def results(ran):
    return ran["results"]


def compared(ran):
    """Replies beside their documented examples: method, documented fields, found ones."""
    for method, example in ran["examples"].items():
        if example:
            yield method, example, fields(ran["results"][method])


def test_a_reply_has_the_fields_that_are_documented(ran):
    differing = {
        (method, name)
        for method, example, found in compared(ran)
        for name in (set(example) ^ set(found)) - LINKS - CHANNELS
    }

    assert ONE_MORE == differing


def test_a_field_has_the_type_that_is_documented(ran):
    differing = {
        (method, name)
        for method, example, found in compared(ran)
        for name in set(example) & set(found)
        if None not in example[name] and found[name] != set(example[name])
    }

    assert ANOTHER_TYPE | UNTOLD == differing


def test_most_methods_document_what_they_answer(ran):
    assert 25 <= len(list(compared(ran)))


def test_nothing_is_refused_but_what_must_be(results):
    raised = {
        label: result["says"] for label, result in results.items() if isinstance(result, dict) and "raised" in result
    }
    raised.pop("send_sms 0008")

    assert REFUSALS == raised


def test_a_client_takes_a_5xx_for_a_lost_connection(results):
    assert "SmsAeroConnectionException" == results["send_sms 0008"]["raised"]


@pytest.mark.parametrize(
    "label",
    ["is_authorized", "contact_delete", "contact_delete_all", "group_delete", "group_delete_all", "blacklist_delete",
     "gate gate.smsaero.ru", "gate gate.smsaero.org", "gate gate.smsaero.net", "is_test_mode_active"],
)  # fmt: skip
def test_what_answers_with_no_data_is_understood_as_done(results, label):
    assert results[label] is True


def test_a_message_is_delivered_when_its_time_has_come(results):
    assert ((0, "queue"), (1, "delivery")) == tuple(
        (results[label]["status"], results[label]["extendStatus"]) for label in ("send_sms", "sms_status")
    )


def test_a_test_message_is_delivered_at_once_and_listed_apart(results):
    listed = results["sms_list tested"]

    assert (1, "1", results["send_sms tested"]["id"]) == (
        results["send_sms tested"]["status"],
        listed["totalCount"],
        listed["0"]["id"],
    )


def test_many_numbers_are_answered_by_an_array(results):
    many = [label for label in results if label.endswith(" many") and not label.startswith("sms_list")]

    assert [2] * 5 == [len(results[label]) for label in many]
    assert {list} == {type(results[label]) for label in many}


def test_a_deferred_message_says_when(results):
    assert 3590 < results["send_sms many"][0]["dateSend"] - results["send_sms many"][0]["dateCreate"] < 3610


def test_money_comes_and_goes(results):
    assert 100 == results["balance after"]["balance"] - results["balance"]["balance"]


def test_what_was_deleted_is_listed_no_more(results):
    assert ["0", "0"] == [results[label]["totalCount"] for label in ("contact_list none", "group_list none")]


def test_a_contact_stands_in_its_group(results):
    group, listed = results["group_add"], results["contact_list"]["0"]

    assert [{"id": group["id"], "name": "friends"}] == listed["groups"]
    assert "1" == results["group_list"]["0"]["countContacts"]


def test_states_move_with_the_clock(results):
    moved = {
        "hlr": (results["hlr_check"]["hlrStatus"], results["hlr_status"]["hlrStatus"]),
        "telegram": (results["send_telegram"]["status"], results["telegram_status"]["status"]),
        "viber": (0, results["viber_statistics"]["0"]["status"]),
        "mobile id": (results["send_mobile_id"]["status"], results["verify_mobile_id"]["status"]),
    }

    assert {"hlr": (4, 1), "telegram": (0, 1), "viber": (0, 2), "mobile id": (3, 1)} == moved


def test_the_command_that_comes_along_sends(ran):
    assert {"code": 0, "told": True} == ran["command"]
