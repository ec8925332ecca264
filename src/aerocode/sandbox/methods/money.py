"""`auth`, `balance`, `balance/add`, `cards`, `tariffs`: the account and its money, all of it made up."""

from collections.abc import Iterable

from aerocode.sandbox.fields import Given
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import keyed
from aerocode.sandbox.state import State

CARDS = ({"id": 12345, "number": "Visa*****1234"}, {"id": 12346, "number": "MasterCard*****4321"})
_PRICES = {"MEGAFON": "8.99", "MTS": "4.99", "BEELINE": "5.49", "TELE2": "4.79", "OTHER": "5.19"}
TARIFFS = dict.fromkeys(("FREE SIGN", "DIRECT"), _PRICES)


class Money:
    def __init__(self, state: State) -> None:
        self._state = state

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="auth", act=lambda _: Answer(None, message="Successful authorization."))
        yield Endpoint(path="balance", act=lambda _: Answer({"balance": self._state.balance}))
        yield Endpoint(path="balance/add", act=self._add)
        yield Endpoint(path="cards", act=lambda _: Answer(keyed(CARDS)))
        yield Endpoint(path="tariffs", act=lambda _: Answer(TARIFFS))

    def _add(self, given: Given) -> Answer:
        roubles, card = given.amount("sum"), given.whole("cardId")
        if card not in {known["id"] for known in CARDS}:
            given.refuse("cardId")
        given.check()
        self._state.balance = round(self._state.balance + roubles, 2)
        return Answer({"sum": int(roubles) if roubles.is_integer() else roubles})
