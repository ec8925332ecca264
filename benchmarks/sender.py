"""One client in a process of its own, in its own virtual environment: so many sends for each line it is told.

Nothing of Aerocode is imported but by the sides that are Aerocode's, so that this runs beside a foreign package. The
names of the gates lead to the ports given, whichever client asks for them; every other name is refused.
"""

import asyncio
import gc
import json
import socket
import sys
import time
from collections.abc import Awaitable
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from contextlib import AbstractContextManager
from contextlib import asynccontextmanager
from contextlib import contextmanager

_NAMES = {f"gate.smsaero.{top}" for top in ("ru", "org", "net")}
_EMAIL, _KEY, _SIGN, _TEXT = "bench@example.com", "a-key-of-nobody-0123456789", "SMS Aero", "Ваш код: 482913"

Sent = int
"""The id the gate gave."""


def lead(http: int, https: int) -> None:
    """Let the gates' names mean this machine, and no other name mean anything."""
    known, ports = socket.getaddrinfo, {80: http, 443: https}

    def look_up(host, port, *arguments, **options):
        if host in _NAMES:
            return known("127.0.0.1", ports[int(port)], *arguments, **options)
        if host in ("127.0.0.1", "localhost", None):
            return known(host, port, *arguments, **options)
        raise socket.gaierror(socket.EAI_NONAME, f"{host} is not a name of this measurement")

    socket.getaddrinfo = look_up


@asynccontextmanager
async def official_async(_http: int):
    from smsaero import SmsAero  # noqa: PLC0415 - each side has packages the others lack

    client = SmsAero(_EMAIL, _KEY, _SIGN)

    async def send(number: str) -> Sent:
        return (await client.send_sms(int(number), _TEXT))["id"]

    yield send
    await client.close_session()


@asynccontextmanager
async def aerocode_async(http: int):
    async with _ours([f"http://127.0.0.1:{http}"]) as send:
        yield send


@asynccontextmanager
async def aerocode_async_tls(_http: int):
    async with _ours(["https://gate.smsaero.ru"]) as send:
        yield send


@asynccontextmanager
async def _ours(gates: list[str]):
    from aerocode.smsaero import Credentials  # noqa: PLC0415 - as above
    from aerocode.smsaero import SmsAero  # noqa: PLC0415
    from aerocode.smsaero import Transport  # noqa: PLC0415

    async with Transport(gates) as transport:
        client = SmsAero(Credentials(email=_EMAIL, api_key=_KEY), transport=transport)

        async def send(number: str) -> Sent:
            return (await client.send(number=number, sign=_SIGN, text=_TEXT)).id

        yield send


@contextmanager
def official_sync():
    import email_validator  # noqa: PLC0415 - as above

    from smsaero import SmsAero  # noqa: PLC0415

    email_validator.CHECK_DELIVERABILITY = False  # it would ask a real name server, once, for the e-mail's domain
    client = SmsAero(_EMAIL, _KEY, _SIGN)
    yield lambda number: client.send_sms(int(number), _TEXT)["id"]


@contextmanager
def aerocode_sync():
    from aerocode.smsaero import Credentials  # noqa: PLC0415 - as above
    from aerocode.smsaero import SyncSmsAero  # noqa: PLC0415
    from aerocode.smsaero import SyncTransport  # noqa: PLC0415

    with SyncTransport(["https://gate.smsaero.ru"]) as transport:
        client = SyncSmsAero(Credentials(email=_EMAIL, api_key=_KEY), transport=transport)
        yield lambda number: client.send(number=number, sign=_SIGN, text=_TEXT).id


AWAITED: dict[str, Callable[[int], AbstractAsyncContextManager[Callable[[str], Awaitable[Sent]]]]] = {
    "official-async": official_async,
    "aerocode-async": aerocode_async,
    "aerocode-async-tls": aerocode_async_tls,
}
BLOCKING: dict[str, Callable[[], AbstractContextManager[Callable[[str], Sent]]]] = {
    "official-sync": official_sync,
    "aerocode-sync": aerocode_sync,
}


def _number(position: int) -> str:
    return f"7912{position % 10_000:04}{position % 7}55"


def _orders():
    """How many sends each line asks for."""
    print("ready", flush=True)
    for line in sys.stdin:
        gc.collect()
        yield int(line)


def _told(count: int, ids: set[Sent], cpu: float, seconds: float) -> None:
    took = {"cpu": (time.process_time() - cpu) / count * 1000, "rate": count / (time.perf_counter() - seconds)}
    print(json.dumps({**took, "failed": count - len(ids)}), flush=True)


async def awaited(side: str, http: int, hands: int) -> None:
    async with AWAITED[side](http) as send:
        for count in _orders():
            left, ids = iter(range(count)), set()

            async def hand(left=left, ids=ids) -> None:
                for position in left:
                    ids.add(await send(_number(position)))

            cpu, seconds = time.process_time(), time.perf_counter()
            await asyncio.gather(*(hand() for _ in range(hands)))
            _told(count, ids, cpu, seconds)


def blocking(side: str) -> None:
    with BLOCKING[side]() as send:
        for count in _orders():
            cpu, seconds = time.process_time(), time.perf_counter()
            ids = {send(_number(position)) for position in range(count)}
            _told(count, ids, cpu, seconds)


def main(side: str, http: str, https: str, hands: str) -> None:
    lead(int(http), int(https))
    if side in AWAITED:
        asyncio.run(awaited(side, int(http), int(hands)))
    else:
        blocking(side)


if __name__ == "__main__":
    main(*sys.argv[1:])
