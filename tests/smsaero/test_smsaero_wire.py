import base64
import contextlib
import json
from datetime import UTC
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from aerocode.smsaero import Credentials
from aerocode.smsaero import InvalidField
from aerocode.smsaero import IpNotAllowed
from aerocode.smsaero import NotEnoughMoney
from aerocode.smsaero import ProviderFault
from aerocode.smsaero import RateLimited
from aerocode.smsaero import Rejected
from aerocode.smsaero import Reply
from aerocode.smsaero import SmsAeroError
from aerocode.smsaero import SmsStatus
from aerocode.smsaero import Undecodable
from aerocode.smsaero import WrongCredentials
from aerocode.smsaero import endpoints
from aerocode.smsaero import read_reply
from aerocode.smsaero import wire

NUMBER = "79990000000"
TEXT = "482913 is your code"
SENT = {
    "id": 5,
    "from": "SMS Aero",
    "number": NUMBER,
    "text": TEXT,
    "status": 0,
    "extendStatus": "queue",
    "channel": "FREE SIGN",
    "cost": 2.2,
    "dateCreate": 1532342510,
    "dateSend": 1532342510,
}


def a_send():
    return endpoints.sms_send(number=NUMBER, sign="SMS Aero", text=TEXT)


def reply(status=200, *, success=True, data=None, message=None, retry_after=None):
    body = json.dumps({"success": success, "data": data, "message": message}).encode()
    return Reply(status=status, body=body, retry_after=retry_after, gate="https://gate.example", when=None)


def read(data, request=None):
    return read_reply(request or a_send(), reply(data=data))


def failure(answer, request=None, **extra):
    with pytest.raises(SmsAeroError) as caught:
        read_reply(request or a_send(), answer, **extra)
    return caught.value


# Requests


def test_a_send_has_exactly_the_three_keys_the_provider_names():
    assert json.loads(a_send().encode()) == {"number": NUMBER, "sign": "SMS Aero", "text": TEXT}


def test_a_send_goes_to_the_provider_s_path():
    assert a_send().path == "sms/send"


def test_a_test_send_goes_to_a_path_of_its_own():
    assert endpoints.sms_test_send(number=NUMBER, sign="SMS Aero", text="hi").path == "sms/testsend"


def test_a_status_request_asks_by_id():
    assert (endpoints.sms_status(7).path, endpoints.sms_status(7).body) == ("sms/status", {"id": 7})


def test_a_test_status_request_goes_to_a_path_of_its_own():
    assert endpoints.sms_test_status(7).path == "sms/teststatus"


def test_only_sends_are_not_repeatable():
    requests = [a_send(), endpoints.auth(), endpoints.balance(), endpoints.sms_status(7)]

    assert [request.repeatable for request in requests] == [False, True, True, True]


@pytest.mark.parametrize("number", ["+79990000000", "7 999 000", "", "123456", "1" * 16, "٧٩٩٩٠٠٠٠٠٠٠"])
def test_a_number_that_is_not_bare_digits_is_never_sent(number):
    with pytest.raises(ValueError, match="digits"):
        endpoints.sms_send(number=number, sign="SMS Aero", text="hi")


@pytest.mark.parametrize(("sign", "text"), [("", "hi"), ("SMS Aero", "")])
def test_an_empty_sign_or_text_is_never_sent(sign, text):
    with pytest.raises(ValueError, match="empty"):
        endpoints.sms_send(number=NUMBER, sign=sign, text=text)


def test_a_lone_surrogate_in_the_text_still_encodes():
    request = endpoints.sms_send(number=NUMBER, sign="SMS Aero", text="a\ud800")

    assert json.loads(request.encode())["text"] == "a\ud800"


def test_credentials_travel_as_basic_over_utf8():
    header = wire.headers(Credentials(email="почта@example.com", api_key="key"))["Authorization"]

    assert base64.b64decode(header.removeprefix("Basic ")).decode() == "почта@example.com:key"


def test_requests_say_json_both_ways_and_who_asks():
    headers = wire.headers(Credentials(email="e", api_key="k"))

    assert (headers["Content-Type"], headers["Accept"]) == ("application/json", "application/json")
    assert headers["User-Agent"].startswith("aerocode")


def test_the_repr_of_credentials_hides_the_key():
    assert "secret-key" not in repr(Credentials(email="e", api_key="secret-key"))


@pytest.mark.parametrize("secret", [TEXT, NUMBER, "482913"])
def test_the_repr_of_a_request_hides_text_and_number(secret):
    assert secret not in repr(a_send())


@pytest.mark.parametrize("secret", [TEXT, NUMBER])
def test_the_repr_of_a_sent_sms_hides_text_and_number(secret):
    assert secret not in repr(read(SENT))


# Accepted replies


def test_a_sent_sms_is_read_whole():
    sms = read(SENT)

    assert (sms.id, sms.sender, sms.number, sms.text) == (5, "SMS Aero", NUMBER, TEXT)
    assert (sms.status, sms.extend_status, sms.channel) == (SmsStatus.QUEUE, "queue", "FREE SIGN")
    assert (Decimal("2.2"), None) == (sms.cost, sms.answered_at)
    assert datetime(2018, 7, 23, 10, 41, 50, tzinfo=UTC) == sms.created_at == sms.sent_at


def test_an_array_for_one_number_is_accepted():
    assert read([SENT]).id == 5


def test_an_object_keyed_by_position_is_accepted():
    assert read({"0": SENT, "totalCount": "1"}).id == 5


def test_our_number_is_found_in_an_array_whatever_its_position():
    assert read([{**SENT, "id": 4, "number": "79990000001"}, SENT]).id == 5


def test_an_array_without_our_number_is_undecodable():
    others = [{**SENT, "number": "79990000001"}, {**SENT, "number": "79990000002"}]

    assert isinstance(failure(reply(data=others)), Undecodable)


@pytest.mark.parametrize("number", [NUMBER, int(NUMBER), f"+{NUMBER}"])
def test_a_number_is_read_from_any_type(number):
    assert read({**SENT, "number": number}).number == NUMBER


@pytest.mark.parametrize("given", [5, "5"])
def test_an_id_is_read_from_any_type(given):
    assert read({**SENT, "id": given}).id == 5


@pytest.mark.parametrize("bad", [None, 0, "", "x", -1, True, 1.5, [5], "9" * 30])
def test_an_accepted_reply_without_a_usable_id_is_undecodable(bad):
    assert isinstance(failure(reply(data={**SENT, "id": bad})), Undecodable)


@pytest.mark.parametrize("data", [None, [], {}, "ok", 5, [None], [[]]])
def test_an_accepted_send_without_an_sms_in_it_is_undecodable(data):
    assert isinstance(failure(reply(data=data)), Undecodable)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [(5.49, "5.49"), ("5.49", "5.49"), (3, "3"), (0.1, "0.1")],
)
def test_a_cost_is_read_exactly_from_any_type(cost, expected):
    assert Decimal(expected) == read({**SENT, "cost": cost}).cost


@pytest.mark.parametrize("cost", [None, "free", True, "NaN", "1e999999", {}, "Infinity"])
def test_a_cost_that_is_no_sum_is_none(cost):
    assert read({**SENT, "cost": cost}).cost is None


@pytest.mark.parametrize("date", [None, 0, "", "soon", 10**18, -5])
def test_a_date_that_is_no_time_is_none(date):
    assert read({**SENT, "dateSend": date}).sent_at is None


def test_the_time_of_the_answer_is_read():
    assert datetime(2024, 6, 23, 4, 10, 25, tzinfo=UTC) == read({**SENT, "dateAnswer": "1719115825"}).answered_at


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 6, 8])
def test_every_documented_status_has_a_name(status):
    assert read({**SENT, "status": status}).status.name != "UNKNOWN"


def test_a_status_nobody_documented_keeps_its_number():
    status = read({**SENT, "status": 42}).status

    assert (status, status.name, status.final) == (42, "UNKNOWN", False)


def test_a_status_that_is_no_number_is_no_member():
    with pytest.raises(ValueError, match="delivered"):
        SmsStatus("delivered")


def test_delivered_undelivered_and_rejected_are_final():
    assert [status for status in SmsStatus if status.final] == [1, 2, 6]


def test_a_reply_with_fewer_fields_is_still_an_sms():
    sms = read({"id": 5})

    assert (sms.channel, sms.extend_status, sms.cost, sms.status) == ("", "", None, SmsStatus.QUEUE)


def test_unknown_fields_are_ignored():
    assert read({**SENT, "novelty": [1]}).id == 5


def test_a_rejected_status_in_an_accepted_reply_is_no_error():
    assert read({**SENT, "status": 6}).status == SmsStatus.REJECT


def test_a_status_is_read_by_its_id():
    assert read({**SENT, "status": 1}, endpoints.sms_status(5)).status == SmsStatus.DELIVERED


def test_a_status_about_another_id_settles_nothing():
    assert isinstance(failure(reply(data={**SENT, "id": 6}), endpoints.sms_status(5)), Undecodable)


@pytest.mark.parametrize("amount", [1389.26, "1389.26"])
def test_a_balance_is_read_exactly_from_any_type(amount):
    assert Decimal("1389.26") == read({"balance": amount}, endpoints.balance()).amount


@pytest.mark.parametrize("data", [None, [], {}, {"balance": None}])
def test_a_balance_without_a_sum_is_undecodable(data):
    assert isinstance(failure(reply(data=data), endpoints.balance()), Undecodable)


def test_good_credentials_are_told_by_being_accepted():
    assert read_reply(endpoints.auth(), reply(data=None, message="Successful authorization."))


# Refusals and unsettled answers

BAD_NUMBER = {"number": ["incorrect"]}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(401, success=False, message="Your request was made with invalid credentials."), WrongCredentials),
        (reply(401, success=False), WrongCredentials),
        (reply(200, success=False, message="Your request was made with invalid credentials."), WrongCredentials),
        (reply(402, success=False), NotEnoughMoney),
        (reply(400, success=False, message="Not enough money"), NotEnoughMoney),
        (reply(200, success=False, message="not enough money"), NotEnoughMoney),
        (reply(404, success=False, message="Invalid ip-address"), IpNotAllowed),
        (reply(404, success=False, message="Invalid ip-address 203.0.113.7"), IpNotAllowed),
        (reply(404, success=False, message="Method not found"), Rejected),
        (reply(400, success=False, data=BAD_NUMBER, message="Validation error."), InvalidField),
        (reply(200, success=False, data=BAD_NUMBER, message="Validation error."), InvalidField),
        (reply(400, success=False, message="Validation error."), Rejected),
        (reply(400, success=False, data={"reason": "sleepy"}), Rejected),
        (reply(429, success=False), RateLimited),
        (reply(418, success=False, message="I'm a teapot"), Rejected),
        (reply(200, success=False), Rejected),
        (reply(400, success=True, data=SENT), Rejected),
        (reply(500, success=False), ProviderFault),
        (reply(502, success=True, data=SENT), ProviderFault),
        (Reply(status=503, body=b""), ProviderFault),
        (Reply(status=200, body=b""), Undecodable),
        (Reply(status=200, body=b"<html>"), Undecodable),
        (Reply(status=401, body=b"<html>"), Undecodable),
        (Reply(status=404, body=b'{"name":"Not Found","status":404}'), Undecodable),
        (Reply(status=200, body=b'{"success":"true","data":{"id":5}}'), Undecodable),
        (Reply(status=200, body=b'{"success":1,"data":{"id":5}}'), Undecodable),
        (Reply(status=200, body=b'{"data":{"id":5}}'), Undecodable),
        (Reply(status=200, body=b"[]"), Undecodable),
        (Reply(status=200, body=b"\xff\xfe\xfa"), Undecodable),
        (Reply(status=200, body=b"[" * 60_000), Undecodable),
        (Reply(status=200, body=b'{"success":true,"data":' + b"9" * 5000 + b"}"), Undecodable),
        (Reply(status=200, body=b'{"success":true,"data":1e99999999999999999999}'), Undecodable),
        (Reply(status=200, body=b'{"success":true,"data":NaN}'), Undecodable),
        (reply(302, success=True, data=SENT), Undecodable),
        (reply(304, success=True, data=SENT), Undecodable),
        (reply(101, success=True, data=SENT), Undecodable),
    ],
)
def test_each_answer_has_its_error(answer, expected):
    assert expected is type(failure(answer))


@pytest.mark.parametrize(
    ("error", "uncertain"),
    [
        (WrongCredentials, False),
        (NotEnoughMoney, False),
        (IpNotAllowed, False),
        (InvalidField, False),
        (RateLimited, False),
        (Rejected, False),
        (ProviderFault, True),
        (Undecodable, True),
    ],
)
def test_only_an_unsettled_answer_is_uncertain(error, uncertain):
    assert uncertain is error.uncertain


def test_an_invalid_field_tells_sign_from_number():
    error = failure(reply(400, success=False, data={"sign": ["incorrect", "long"]}, message="Validation error."))

    assert error.fields == {"sign": ("incorrect", "long")}


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [("30", 30), (" 30 ", 30), ("999999999", 86_400), (None, None), ("soon", None), ("-1", None)],
)
def test_a_rate_limit_tells_how_long_to_wait(retry_after, wait):
    assert wait == failure(reply(429, success=False, retry_after=retry_after)).wait


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Message rejected", "Message rejected"),
        ({"sign": ["is new", "is odd"]}, "sign: is new; sign: is odd"),
        (["one", "two"], "one; two"),
        (None, None),
        ("", None),
        (7, "7"),
        ("two\r\nlines\u2028here", "two lines here"),
        ("x" * 1000, "x" * 300),
    ],
)
def test_the_provider_s_message_is_one_bounded_line_whatever_its_type(message, expected):
    assert expected == failure(reply(400, success=False, message=message)).provider_message


def test_the_error_tells_status_and_message():
    text = str(failure(reply(400, success=False, message="Message rejected")))

    assert (
        text == "SMS Aero refused the request for a reason of its own (HTTP 400; the provider says: Message rejected)."
    )


def test_an_unsettled_answer_tells_the_gate():
    assert failure(reply(500)).gate == "https://gate.example"


@pytest.mark.parametrize(
    "quoted",
    [TEXT, "text 482913 is too rude", NUMBER, "+7 (999) 000-00-00", "number 79990000000 is banned"],
)
@pytest.mark.parametrize("place", ["message", "code", "field"])
def test_a_provider_that_quotes_the_request_leaks_neither_code_nor_phone(quoted, place):
    data = {"code": {"text": [quoted]}, "field": {quoted: ["incorrect"]}, "message": None}[place]
    error = failure(reply(400, success=False, data=data, message=quoted if place == "message" else "Validation error."))

    told = f"{error} {error!r} {vars(error)}"
    assert not any(secret in told for secret in ("482913", NUMBER, "000-00-00", TEXT))


def test_a_gate_that_echoes_the_key_does_not_bring_it_into_the_error():
    credentials = Credentials(email="me@example.com", api_key="not-a-real-api-key")
    echo = reply(400, success=False, message=f"{credentials.api_key} {credentials.header()}")

    error = failure(echo, secrets=credentials.secrets())

    assert "Basic ***" in str(error)
    assert not any(secret in str(error) for secret in credentials.secrets())


def test_the_ip_address_to_allow_stays_readable():
    error = failure(reply(404, success=False, message="Invalid ip-address 203.0.113.7"))

    assert "203.0.113.7" in str(error)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(list(SENT)), inner),
    max_leaves=8,
)
REQUESTS = [a_send(), endpoints.sms_status(5), endpoints.balance(), endpoints.auth()]


@settings(deadline=None)  # a busy machine is no failure
@any_of(
    request=st.sampled_from(REQUESTS),
    status=st.integers(200, 599),
    success=json_values,
    data=json_values,
    message=json_values,
)
def test_no_envelope_whatever_raises_anything_of_another_tree(request, status, success, data, message):
    body = json.dumps({"success": success, "data": data, "message": message}).encode()
    with contextlib.suppress(SmsAeroError):
        read_reply(request, Reply(status=status, body=body))


@settings(deadline=None)  # a busy machine is no failure
@any_of(status=st.integers(100, 599), body=st.binary())
def test_no_body_whatever_raises_anything_of_another_tree(status, body):
    with pytest.raises(SmsAeroError):
        read_reply(a_send(), Reply(status=status, body=body))
