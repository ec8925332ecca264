"""Which network a visitor's address is counted for."""

import pytest

from aerocode.errors import InvalidInput
from aerocode.verify.networks import network_of


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("", None),
        ("203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::FFFF:cb00:7107", "203.0.113.7/32"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:DB8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::", "2001:db8:0:1::/64"),
        ("::1", "::/64"),
    ],
)
def test_an_address_is_counted_for_its_32_or_64(text, network):
    assert network == network_of(text)


@pytest.mark.parametrize(
    "text", ["x", " 203.0.113.7", "203.0.113.7:80", "203.0.113.0/24", "fe80::1%eth0", "1", "[::1]"]
)
def test_what_is_no_address_is_refused_at_ip(text):
    with pytest.raises(InvalidInput) as refused:
        network_of(text)
    assert [("ip",)] == [fault.path for fault in refused.value.faults]
