"""POST /control sets faults, moves the clock, empties the inbox; GET /control tells what is set and counted.

JSON only: a web page of a stranger can make a browser post a form here, but not JSON, since no CORS header allows it.
"""

import json
import math
from collections.abc import Iterable
from datetime import UTC
from datetime import datetime
from typing import Any

from aiohttp import web

from aerocode.sandbox.faults import BY_NAME
from aerocode.sandbox.inbox import digits
from aerocode.sandbox.state import State

KNOWN = ("advance", "clear", "fault", "phone", "times")
FARTHEST = 366 * 86_400  # seconds the clock may be moved at once


class Refusal(Exception):
    """A control body that can't be obeyed; the message tells what to change."""


class Control:
    def __init__(self, state: State) -> None:
        self._state = state

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
        return web.json_response(self._report())

    def obey(self, order: Any) -> None:
        """Check the whole order, then carry it out, so that a refused one changes nothing."""
        if not isinstance(order, dict):
            raise Refusal("the body must be a JSON object")
        if unknown := sorted(set(order) - set(KNOWN)):
            raise Refusal(f"unknown: {', '.join(unknown)}")
        if "fault" not in order and ("phone" in order or "times" in order):
            raise Refusal("phone and times go with fault")
        name, phone, times = order.get("fault"), _phone(order.get("phone")), _times(order.get("times"))
        if name is not None and (not isinstance(name, str) or name not in BY_NAME):
            raise Refusal("fault must be null or one of faults")
        seconds = _seconds(order.get("advance", 0))
        if order.get("clear", True) is not True:
            raise Refusal("clear must be true")

        if name is not None:
            self._state.script.set(BY_NAME[name], phone=phone, times=times)
        elif "fault" in order:
            self._state.script.clear(phone)
        self._state.advanced += seconds
        if "clear" in order:
            self._state.inbox.clear()

    def _report(self) -> dict[str, Any]:
        state = self._state
        return {
            "set": [
                {"phone": phone, "fault": order.fault.name, "times": order.times}
                for phone, order in state.script.orders.items()
            ],
            "faults": {fault.name: fault.suffix for fault in BY_NAME.values()},
            "clock": datetime.fromtimestamp(state.now(), UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "advanced": state.advanced,
            "accepted": state.accepted,
            "requests": state.requests,
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


def _seconds(value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not 0 <= value <= FARTHEST:
        raise Refusal(f"advance must be seconds from 0 to {FARTHEST}")
    return float(value)


def _refused(status: int, why: str) -> web.Response:
    return web.json_response({"error": why, "known": KNOWN, "faults": list(BY_NAME)}, status=status)
