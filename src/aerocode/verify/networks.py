"""Which network a start is counted for: one IPv4 address, or the /64 that one IPv6 subscriber has to himself."""

from ipaddress import IPv4Address
from ipaddress import IPv6Address
from ipaddress import ip_address

from aerocode.errors import Fault
from aerocode.errors import InvalidInput

_WITHIN = 64


def network_of(text: str) -> str | None:
    """From the address an application gives for its visitor; None when it gives none. Raises InvalidInput."""
    if not text:
        return None
    try:
        address = _native(ip_address(text))
    except ValueError as cause:
        message = "Write an IPv4 or IPv6 address, such as 203.0.113.7."
        raise InvalidInput([Fault(("ip",), "invalid_string", message, {"validation": "ip"})]) from cause
    if isinstance(address, IPv4Address):
        return f"{address}/32"
    beginning = int(address) >> _WITHIN << _WITHIN
    return f"{IPv6Address(beginning)}/{_WITHIN}"


def _native(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 visitor of a dual-stack server is the same one as of any other server."""
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id is not None:
        raise ValueError("a scope means something on one machine only")
    return address.ipv4_mapped or address
