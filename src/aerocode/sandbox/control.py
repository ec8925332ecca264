"""POST /control sets faults, moves the clock, empties the inbox; GET /control tells what is set and counted.

A POST answers once the callbacks that are due by then have been made.

JSON only: a web page of a stranger can make a browser post a form here, but not JSON, since no CORS header allows it.
"""

import json
import math
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web

from aerocode.sandbox.faults import BY_NAME
from aerocode.sandbox.inbox import digits
from aerocode.sandbox.state import State

KNOWN = ("advance", "balance", "clear", "drift", "fault", "path", "phone", "times")
FARTHEST = 366 * 86_400  # seconds the clock may be moved at once


class Refusal(Exception):
    """A control body that can't be obeyed; the message tells what to change."""


class Control:
    """`paths` are the methods that a fault may be set for."""

    def __init__(self, state: State, paths: Collection[str]) -> None:
        self._state = state
        self._paths = paths

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        yield web.get("/control", self._tell)
        yield web.post("/control", self._obey)

    async def _tell(self, _request: web.Request) -> web.Response:
        return web.json_response(self._report())

    async def _obey(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return _refused(415, "Content-Type must be application/json")
        try:
            order = json.loads(await request.read())
            self.obey(order)
        except (ValueError, RecursionError):
            return _refused(400, "the body is not JSON")
        except Refusal as refusal:
            return _refused(400, str(refusal))
        await self._state.callbacks.settled()
        return web.json_response(self._report())

    def obey(self, order: Any) -> None:
        """Check the whole order, then carry it out, so that a refused one changes nothing."""
        if not isinstance(order, dict):
            raise Refusal("the body must be a JSON object")
        if unknown := sorted(set(order) - set(KNOWN)):
            raise Refusal(f"unknown: {', '.join(unknown)}")
        script = self._script(order)
        seconds, balance = _number(order, "advance", most=FARTHEST), _number(order, "balance", most=1e9)
        drift = order.get("drift")
        if "drift" in order and not isinstance(drift, bool):
            raise Refusal("drift must be true or false")
        if order.get("clear", True) is not True:
            raise Refusal("clear must be true")

        script()
        self._state.clock.advance(seconds or 0.0)
        self._state.balance = self._state.balance if balance is None else balance
        self._state.drift = self._state.drift if drift is None else drift
        if "clear" in order:
            self._state.inbox.clear()

    def _script(self, order: Mapping[str, Any]) -> Callable[[], None]:
        """What the order does to the faults, checked and not yet done."""
        if "fault" not in order and {"phone", "path", "times"} & set(order):
            raise Refusal("phone, path and times go with fault")
        name, phone, times = order.get("fault"), _phone(order.get("phone")), _times(order.get("times"))
        path = order.get("path")
        if path is not None and path not in self._paths:
            raise Refusal("path must be a method such as sms/status")
        if path is not None and phone is not None:
            raise Refusal("a fault is for a phone or for a path")
        if "fault" not in order:
            return lambda: None
        if name is None:
            return partial(self._state.script.clear, phone=phone, path=path)
        if not isinstance(name, str) or name not in BY_NAME:
            raise Refusal("fault must be null or one of faults")
        return partial(self._state.script.set, BY_NAME[name], phone=phone, path=path, times=times)

    def _report(self) -> dict[str, Any]:
        state = self._state
        orders = [("phone", key, order) for key, order in state.script.orders.items()]
        orders += [("path", key, order) for key, order in state.script.paths.items()]
        return {
            "set": [{name: key, "fault": order.fault.name, "times": order.times} for name, key, order in orders],
            "faults": {fault.name: fault.suffix for fault in BY_NAME.values()},
            "clock": datetime.fromtimestamp(state.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "advanced": state.clock.advanced,
            "drift": state.drift,
            "balance": state.balance,
            "accepted": state.accepted,
            "requests": state.calls["sms/send"],
            "calls": dict(state.calls),
            "callbacks": {**state.callbacks.counts, "last": list(state.callbacks.last)},
            "redirectsFollowed": state.followed,
        }


def _phone(value: Any) -> str | None:
    if value is None:
        return None
    phone = digits(value) if isinstance(value, str) else ""
    if not phone:
        raise Refusal("phone must be a string of digits")
    return phone


def _times(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise Refusal("times must be a whole number above zero")
    return value


def _number(order: Mapping[str, Any], name: str, *, most: float) -> float | None:
    if name not in order:
        return None
    value = order[name]
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not 0 <= value <= most:
        raise Refusal(f"{name} must be a number from 0 to {most:.0f}")
    return float(value)


def _refused(status: int, why: str) -> web.Response:
    return web.json_response({"error": why, "known": KNOWN, "faults": list(BY_NAME)}, status=status)
