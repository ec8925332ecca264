"""Addresses of the provider, and how one is trusted. The key travels in a header: a gate is https or this machine."""

import ipaddress
import ssl
from urllib.parse import urlsplit

GATES = ("https://gate.smsaero.ru", "https://gate.smsaero.org", "https://gate.smsaero.net")
"""Equal copies of one API, in the order all official clients use."""


def gate(address: str) -> str:
    """The base address without `/v2` and without a trailing slash, whichever way it was written.

    Raises:
        ValueError: not an https address, nor plain http to a loopback host. The message does not quote the address,
            which may hold credentials.

    """
    if not address.isascii() or not address.isprintable() or " " in address:
        raise ValueError("a gate's address must be plain ASCII without spaces")
    parts = urlsplit(address)
    host = parts.hostname
    if parts.scheme not in ("https", "http") or not host or parts.port == 0:
        raise ValueError("a gate's address must look like https://gate.smsaero.ru")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a gate's address must not hold credentials")
    if parts.query or parts.fragment:
        raise ValueError("a gate's address must not have a query or a fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("a gate must be https: over plain http anyone on the way reads the API key")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/v2').rstrip('/')}"


def is_loopback(host: str) -> bool:
    """True for `localhost`, 127.0.0.0/8 and ::1. A name that merely resolves there does not count."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def tls() -> ssl.SSLContext:
    """How a gate is trusted: the system's authorities, the name in the certificate checked."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
