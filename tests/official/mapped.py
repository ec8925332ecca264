"""In the client's process: the gate's names lead to the double, and nothing leads anywhere else."""

import http.client
import json
import os
import socket
import sys

GATES = ("gate.smsaero.ru", "gate.smsaero.org", "gate.smsaero.net")
HERE = "127.0.0.1"
#: The double's port for each port that a client may ask for.
DOORS = {int(asked): port for asked, port in json.loads(os.environ["DOORS"]).items()}

#: What was asked for: names of the gate, and ports.
ASKED = {"gates": set(), "ports": set()}

_ask = socket.getaddrinfo


def mapped(host, port, *more, **named):
    name = host.decode() if isinstance(host, bytes) else host
    if name in GATES:
        ASKED["gates"].add(name)
        ASKED["ports"].add(int(port))
        return _ask(HERE, DOORS[int(port)], *more, **named)
    if name == HERE:
        return _ask(name, port, *more, **named)
    raise socket.gaierror(socket.EAI_NONAME, f"no name but the gate's leads anywhere: {name}")


def _refuse_the_rest(event, arguments):
    """What does not ask this resolver is refused where it connects, a library with a resolver of its own as well."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not _is_door(arguments[1]):
        raise PermissionError(f"only the double may be reached, not {arguments[1]}")
    if event in ("socket.gethostbyname", "socket.getaddrinfo") and arguments[0] not in (HERE, None):
        raise PermissionError(f"only the double has an address, not {arguments[0]}")


def _is_door(address):
    return isinstance(address, tuple) and address[0] == HERE and address[1] in DOORS.values()


def install():
    socket.getaddrinfo = mapped
    sys.addaudithook(_refuse_the_rest)


def advance(seconds):
    """Move the double's clock."""
    talk = http.client.HTTPConnection(HERE, DOORS[80], timeout=5)
    talk.request("POST", "/control", json.dumps({"advance": seconds}), {"Content-Type": "application/json"})
    status = talk.getresponse().status
    talk.close()
    if status != 200:
        raise RuntimeError(f"/control answers {status}")


def strangers():
    """How attempts to leave this machine end."""
    attempts = {
        "another name": lambda: socket.getaddrinfo("gate.smsaero.uz", 443),
        "a name by the old call": lambda: socket.gethostbyname("gate.smsaero.ru"),
        "an address": lambda: socket.socket().connect(("192.0.2.1", 443)),
        "another port of this machine": lambda: socket.socket().connect((HERE, 9)),
        "a name server": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"?", ("192.0.2.1", 53)),
    }
    ended = {}
    for what, attempt in attempts.items():
        try:
            attempt()
            ended[what] = "reached"
        except OSError as error:
            ended[what] = type(error).__name__
    return ended
