"""`sign/list`, `sign/add`, `viber/sign/list`: sender names. A new one is on moderation for a minute.

Any sender may be used in a send; the fault `bad_sender` refuses one.
"""

from collections.abc import Iterable
from typing import Any
from typing import NamedTuple

from aerocode.sandbox.fields import Given
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.methods.lookups import OPERATORS
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import keyed
from aerocode.sandbox.replies import wrong
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

APPROVED_AFTER = 60.0  # seconds
LONGEST = 11  # the limit of an alphanumeric GSM sender


class _Sign(NamedTuple):
    name: str
    approved: float
    """When, in Unix seconds on the sandbox's clock."""


class Signs:
    def __init__(self, state: State) -> None:
        self._state = state
        self._signs: Rows[_Sign] = Rows(state.next_id)
        self._signs.add(_Sign("SMS Aero", approved=0.0))

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="sign/list", act=self._list)
        yield Endpoint(path="sign/add", act=self._add)
        yield Endpoint(path="viber/sign/list", act=self._viber)

    def _list(self, given: Given) -> Answer:
        given.page()  # one page holds them all
        signs = [self._told(sign_id, sign, "approve") for sign_id, sign in self._signs.newest_first()]
        return Answer({"totalCount": str(len(signs))} | keyed(signs))

    def _viber(self, _given: Given) -> Answer:
        return Answer(keyed([self._told(sign_id, sign, "active") for sign_id, sign in self._signs.newest_first()]))

    def _add(self, given: Given) -> Answer:
        name = given.text("name", 2, LONGEST)
        given.check()
        if name in {sign.name for _, sign in self._signs.newest_first()}:
            raise wrong("name")
        sign = _Sign(name, approved=self._state.now() + APPROVED_AFTER)
        return Answer(self._told(self._signs.add(sign), sign, "approve"))

    def _told(self, sign_id: int, sign: _Sign, good: str) -> dict[str, Any]:
        """With the whole of it as each operator sees it, too; `good` is the word for a sign that may be used."""
        fit = self._state.now() >= sign.approved
        whole = {"status": int(fit), "extendStatus": good if fit else "moderation"}
        each = {"status": int(fit), "extendStatus": "approve" if fit else "moderation"}
        operators = {str(code): {"operator": code, "extendOperator": name} | each for name, code in OPERATORS.items()}
        return {"id": sign_id, "name": sign.name} | whole | {"statusOperators": operators}
