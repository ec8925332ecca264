"""Runs commands of ours without importing everything each time: each is a fork of this process, whole otherwise.

`command_server.py FD`: on that socket, one JSON line a command in, its exit code as one line out.
"""

import json
import os
import socket
import sys

from aerocode.cli import main


def become(order):
    """In the fork: take over folder, environment and the three streams of the command."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for descriptor, flags in enumerate((os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)):
        file = os.open(order["streams"][descriptor], flags, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    sys.argv = ["aerocode", *order["words"]]


def serve(line):
    with line, line.makefile("rw") as talk:
        for text in talk:
            child = os.fork()
            if child == 0:
                return json.loads(text)
            talk.write(f"{child}\n")
            talk.flush()
            _, status = os.waitpid(child, 0)
            talk.write(f"{os.waitstatus_to_exitcode(status)}\n")
            talk.flush()
    return None


if __name__ == "__main__":
    order = serve(socket.socket(fileno=int(sys.argv[1])))
    if order is not None:
        become(order)
        main()
