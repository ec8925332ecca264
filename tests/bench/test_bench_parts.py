"""What a figure of the benchmarks rests on."""

import re
import sys
from pathlib import Path

import pytest
from benchmarks.adapter import Adapter
from benchmarks.adapter import Answer
from benchmarks.adapter import Ask
from benchmarks.aerocode import Aerocode
from benchmarks.caller import Caller
from benchmarks.child import Died
from benchmarks.child import child
from benchmarks.incoming import Incoming
from benchmarks.incoming import Malformed
from benchmarks.options import read
from benchmarks.peers.bare import Bare
from benchmarks.peers.bare import BareTwice
from benchmarks.peers.known import PEERS

README = Path(__file__).parents[2] / "benchmarks" / "README.md"

_ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n6;x=y\r\npedia \r\n0\r\n\r\n"

_PARENT = """
import subprocess, sys
work = "import time; x = bytearray(40_000_000)\\nwhile time.process_time() < 0.5: pass\\nprint('ready'); input()"
with subprocess.Popen([sys.executable, "-uc", work], stdin=sys.stdin):
    pass
"""


def test_a_body_in_chunks_is_read_however_it_is_cut():
    incoming, found = Incoming(), []
    for at in range(len(_ANSWER)):
        incoming.feed(_ANSWER[at : at + 1])
        if (message := incoming.message()) is not None:
            found.append(message[1])
    assert [b"Wikipedia "] == found


def test_two_messages_that_come_at_once_are_told_apart():
    incoming = Incoming()
    incoming.feed(_ANSWER + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert [b"Wikipedia ", b"ok", None] == [m and m[1] for m in (incoming.message() for _ in range(3))]


def test_a_chunk_that_is_longer_than_it_says_is_refused():
    incoming = Incoming()
    incoming.feed(_ANSWER.replace(b"4\r\n", b"3\r\n"))
    with pytest.raises(Malformed):
        incoming.message()


@pytest.mark.anyio
async def test_cpu_and_memory_of_a_childs_own_children_are_counted(tmp_path):
    async with child((sys.executable, "-c", _PARENT), {}, tmp_path) as running:
        await running.line()
        cpu, memory = running.cpu(), running.memory()
        await running.tell(b"")
        with pytest.raises(Died):  # it ends by itself, so that nothing below it is left
            await running.line()
    assert cpu > 0.4
    assert memory > 40


def test_without_flags_the_bare_peer_is_measured_in_one_process_and_in_two():
    assert (Bare, BareTwice) == read([]).peers
    assert tuple(PEERS.values()) == read(["--peers", "all"]).peers
    assert () == read(["--peers", "none"]).peers


def test_an_adapter_can_be_named_by_its_module():
    assert (Aerocode,) == read(["--peers", "benchmarks.aerocode:Aerocode"]).peers


@pytest.mark.parametrize("name", ["nobody", "benchmarks.nothing:Here", "benchmarks.aerocode:Nothing", ":", "a:"])
def test_a_peer_nobody_knows_is_refused(name, capsys):
    with pytest.raises(SystemExit):
        read(["--peers", name])
    assert name in capsys.readouterr().err


def test_the_adapter_that_the_readme_shows_has_all_an_adapter_needs(tmp_path):
    (shown,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    names = {}
    exec(shown, names)
    mine = names["Mine"]()
    wanted = {name for name in {*vars(Adapter), *Adapter.__annotations__} if not name.startswith("_")}
    assert set() == wanted - set(dir(mine))
    assert mine.launch(tmp_path, "http://127.0.0.1:1").address[0] == "127.0.0.1"
    assert isinstance(mine.check("79120000000", mine.start("79120000000"), "123456"), Ask)


def test_every_peer_can_tell_a_failure_from_its_right_answers():
    for peer in (Aerocode, *PEERS.values()):
        adapter, failure = peer(), Answer(500, b"{}")
        assert not adapter.is_started(failure)
        assert not adapter.is_approved(failure)
        assert not adapter.is_refused(failure)
        assert isinstance(Caller("here", adapter.headers), Caller)
