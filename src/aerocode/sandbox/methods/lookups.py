"""`number/operator`, `hlr/check`, `hlr/status`: what is known about a number. The operators are told by well-known
prefixes, without the numbers people took along to another one.
"""

from collections.abc import Iterable
from typing import Any

from aerocode.sandbox.faults import Fate
from aerocode.sandbox.fields import Given
from aerocode.sandbox.life import Course
from aerocode.sandbox.life import Step
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

OPERATORS = {"MEGAFON": 1, "MTS": 4, "BEELINE": 5, "TELE2": 6}
OTHER = {"operator": 0, "extendOperator": "OTHER"}  # its number is made up
_PREFIXES = {"792": "MEGAFON", "791": "MTS", "798": "MTS", "796": "BEELINE", "795": "TELE2"}
_LIFE = (Step(0.0, 4, "in work"), Step(1.0, 1, "available"))


def operator(number: str) -> dict[str, Any]:
    name = "BEELINE" if number.startswith(("7903", "7905", "7906", "7909")) else _PREFIXES.get(number[:3])
    return {"operator": OPERATORS[name], "extendOperator": name} if name else OTHER


class Lookups:
    def __init__(self, state: State) -> None:
        self._state = state
        self._checks: Rows[tuple[str, Course]] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="number/operator", act=self._operator)
        yield Endpoint(path="hlr/check", act=self._check)
        yield Endpoint(path="hlr/status", act=self._status)

    def _operator(self, given: Given) -> Answer:
        numbers = given.numbers()
        given.check()
        told = [{"number": number} | operator(number) for number in numbers.each]
        return Answer(told if numbers.many else told[0])

    def _check(self, given: Given) -> Answer:
        numbers = given.numbers()
        given.check()
        course = self._state.course(_LIFE, Fate.DELIVERED)
        told = [self._told(self._checks.add((number, course))) for number in numbers.each]
        return Answer(told if numbers.many else told[0])

    def _status(self, given: Given) -> Answer:
        return Answer(self._told(given.one()))

    def _told(self, check: int) -> dict[str, Any]:
        number, course = self._checks.get(check)
        step = course.step(self._state.now())
        return {"id": check, "number": number, "hlrStatus": step.status, "extendHlrStatus": step.word}
