import pytest

from aerocode.smsaero import GATES
from aerocode.smsaero import Transport
from aerocode.smsaero import gate


@pytest.mark.parametrize("tail", ["", "/", "/v2", "/v2/", "/v2//"])
def test_a_trailing_v2_is_accepted_and_never_doubled(tail):
    assert gate(f"https://gate.smsaero.ru{tail}") == "https://gate.smsaero.ru"


def test_a_path_before_v2_stays():
    assert gate("https://proxy.example:8443/sms/v2/") == "https://proxy.example:8443/sms"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.8.7", "[::1]", "localhost", "LOCALHOST"])
def test_plain_http_is_fine_on_this_machine(host):
    assert f"http://{host}:8081" == gate(f"http://{host}:8081/v2")


@pytest.mark.parametrize(
    "host",
    ["gate.smsaero.ru", "10.0.0.1", "0.0.0.0", "localhost.example", "127.1", "2130706433", "[::]", "localhost."],
)
def test_plain_http_elsewhere_is_refused(host):
    with pytest.raises(ValueError, match="https"):
        gate(f"http://{host}/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "gate.smsaero.ru",
        "ftp://gate.smsaero.ru",
        "https://",
        "https://gate.smsaero.ru:port",
        "https://gate.smsaero.ru:0",
        "https://gate.smsaero.ru?x=1",
        "https://gate.smsaero.ru#x",
        "https://gate smsaero.ru",
        "https://gate.smsaero.ru\n",
        "https://[::1",
    ],
)
def test_an_address_that_is_no_base_address_is_refused(address):
    with pytest.raises(ValueError):
        gate(address)


def test_an_address_with_credentials_is_refused_without_quoting_them():
    with pytest.raises(ValueError, match="credentials") as caught:
        gate("https://me:secret-key@gate.smsaero.ru")

    assert "secret-key" not in str(caught.value)


def test_the_provider_s_own_gates_are_good_and_in_order():
    assert Transport().gates == GATES


def test_the_same_gate_twice_is_one_gate():
    assert Transport(["https://a.example", "https://a.example/v2"]).gates == ("https://a.example",)


def test_no_gate_at_all_is_refused():
    with pytest.raises(ValueError, match="gate"):
        Transport([])


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_time_limit_that_is_not_positive_is_refused(timeout):
    with pytest.raises(ValueError, match="positive"):
        Transport(timeout=timeout)
