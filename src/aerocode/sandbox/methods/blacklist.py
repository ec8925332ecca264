"""`blacklist/*`: numbers that must get nothing. An SMS to one of them is taken and then rejected."""

from collections.abc import Iterable
from typing import Any

from aerocode.sandbox.fields import Given
from aerocode.sandbox.methods.book import Person
from aerocode.sandbox.methods.book import person
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import listed
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State


class Blacklist:
    def __init__(self, state: State) -> None:
        self._rows: Rows[tuple[str, Person]] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="blacklist/add", act=self._add)
        yield Endpoint(path="blacklist/delete", act=self._delete)
        yield Endpoint(path="blacklist/list", act=self._list)

    def has(self, number: str) -> bool:
        return number in {listed for _, (listed, _) in self._rows.newest_first()}

    def _add(self, given: Given) -> Answer:
        numbers, who = given.numbers(), person(given)
        given.check()
        told = [{"id": self._rows.add((number, who))} | self._told(number, who) for number in numbers.each]
        return Answer(told if numbers.many else told[0])

    def _delete(self, given: Given) -> Answer:
        self._rows.delete(given.one())
        return Answer(None)

    def _list(self, given: Given) -> Answer:
        numbers = given.numbers().each if given.has("number") or given.has("numbers") else None
        page = given.page()
        found = [
            {"id": str(row)} | self._told(number, who)
            for row, (number, who) in self._rows.newest_first()
            if numbers is None or number in numbers
        ]
        return listed("blacklist/list", found, page)

    @staticmethod
    def _told(number: str, who: Person) -> dict[str, Any]:
        """Here the date is `bday` and the first free field `param`."""
        names = {"sex": who.sex, "lname": who.lname, "fname": who.fname, "sname": who.sname, "bday": who.birthday}
        return {"number": number} | names | dict(zip(("param", "param2", "param3"), who.params, strict=True))
