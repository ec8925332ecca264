"""The double and one client beside it: `double.py CLIENT PROTOCOL`, one JSON object on standard output.

Runs as a process of its own, so that the network it sees may be an empty one (`unshare --net`): then its own loopback
is all there is.
"""

import asyncio
import fcntl
import json
import os
import socket
import struct
import sys
from pathlib import Path

from aerocode.sandbox import Sandbox
from aerocode.sandbox import ThrowAway

HERE = Path(__file__).parent
FOLDERS = HERE.parents[1] / ".venv-official"
PATIENCE = 60
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def raise_loopback():
    """In a new network even loopback is down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16xH14x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))[0]
        if not flags & _UP:
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


def command(client, protocol):
    if client == "node":
        return [FOLDERS / "node" / "node", "--require", HERE / "mapped.cjs", HERE / "surface.cjs", protocol]
    return [FOLDERS / client / "bin" / "python", HERE / "surface.py", client, protocol]


def environment(doors, ca_file):
    """The doors and the authority, as each library wants to be told of it, and nothing else of ours."""
    trust = {name: str(ca_file) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")}
    modules = str(FOLDERS / "node" / "node_modules")
    return {"PATH": os.environ["PATH"], "DOORS": json.dumps(doors), "NODE_PATH": modules, **trust}


async def run(client, protocol):
    with ThrowAway.made() as throw_away:
        sandbox = Sandbox()
        await sandbox.start(port=0)
        doors = {"80": sandbox.port, "443": await sandbox.listen(tls=throw_away.context)}
        process = await asyncio.create_subprocess_exec(
            *command(client, protocol),
            env=environment(doors, throw_away.ca_file),
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        await sandbox.stop()
    # The clients print things of their own; the report is the last line.
    report = json.loads(said.splitlines()[-1])
    return {**report, "exit": process.returncode, "calls": dict(sandbox.calls), "untested": sorted(sandbox.untested)}


if __name__ == "__main__":
    raise_loopback()
    sys.stdout.write(json.dumps(asyncio.run(run(*sys.argv[1:]))))
