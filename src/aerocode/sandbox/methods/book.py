"""`group/*` and `contact/*`: the address book."""

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aerocode.sandbox.fields import Given
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.methods.lookups import OPERATORS
from aerocode.sandbox.methods.lookups import OTHER
from aerocode.sandbox.methods.lookups import operator
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import listed
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

SEXES = ("male", "female")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept about a number beside it; absent fields are None."""

    birthday: str | None
    sex: str | None
    lname: str | None
    fname: str | None
    sname: str | None
    params: tuple[str | None, str | None, str | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class _Contact:
    number: str
    group: int | None
    person: Person


class Book:
    def __init__(self, state: State) -> None:
        self._groups: Rows[str] = Rows(state.next_id)
        self._contacts: Rows[_Contact] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="group/add", act=self._add_group)
        yield Endpoint(path="group/delete", act=self._delete_group)
        yield Endpoint(path="group/delete-all", act=self._delete_groups)
        yield Endpoint(path="group/list", act=self._list_groups)
        yield Endpoint(path="contact/add", act=self._add)
        yield Endpoint(path="contact/delete", act=self._delete)
        yield Endpoint(path="contact/delete-all", act=self._delete_all)
        yield Endpoint(path="contact/list", act=self._list)

    def members(self, group: int | None) -> list[str]:
        """The numbers of a group, or of everybody. Raises Refused: there is no such group."""
        if group is not None:
            self._groups.get(group, "groupId")
        found = [contact for _, contact in self._contacts.newest_first() if group in (None, contact.group)]
        return list(dict.fromkeys(contact.number for contact in reversed(found)))

    def _add_group(self, given: Given) -> Answer:
        name = given.text("name", 2, 64)
        given.check()
        return Answer({"id": self._groups.add(name), "name": name, "count": 0})

    def _delete_group(self, given: Given) -> Answer:
        self._groups.delete(given.one())
        return Answer(None)

    def _delete_groups(self, _given: Given) -> Answer:
        self._groups.clear()
        return Answer(None, message="All groups deleted.")

    def _list_groups(self, given: Given) -> Answer:
        groups = [
            {"id": str(group), "name": name, "countContacts": str(len(self.members(group)))}
            for group, name in self._groups.newest_first()
        ]
        return listed("group/list", groups, given.page())

    def _add(self, given: Given) -> Answer:
        number, group, who = given.number(), given.maybe_whole("groupId"), person(given)
        given.check()
        if group is not None:
            self._groups.get(group, "groupId")
        contact = _Contact(number, group, who)
        return Answer({"id": self._contacts.add(contact)} | _told(contact))

    def _delete(self, given: Given) -> Answer:
        self._contacts.delete(given.one())
        return Answer(None)

    def _delete_all(self, _given: Given) -> Answer:
        self._contacts.clear()
        return Answer(None, message="Contact delete.")

    def _list(self, given: Given) -> Answer:
        wanted = {name: given.maybe(name) for name in ("lname", "fname", "sname", "birthday")}
        wanted["sex"] = given.maybe_choice("sex", SEXES)
        wanted["extendOperator"] = given.maybe_choice("operator", (*OPERATORS, str(OTHER["extendOperator"])))
        wanted["number"] = given.number() if given.has("number") else None
        group, page = given.maybe_whole("groupId"), given.page()
        found = [
            {"id": contact_id} | _told(contact) | self._beside(contact)
            for contact_id, contact in self._contacts.newest_first()
            if group in (None, contact.group) and _fits(_told(contact) | {"birthday": contact.person.birthday}, wanted)
        ]
        return listed("contact/list", found, page)

    def _beside(self, contact: _Contact) -> dict[str, Any]:
        """What only the list tells, where the number is an integer."""
        names = dict(self._groups.newest_first())
        groups = [{"id": contact.group, "name": names[contact.group]}] if contact.group in names else []
        return {"number": int(contact.number), "groups": groups, "hlrStatus": 1, "extendHlrStatus": "available"}


def person(given: Given) -> Person:
    """A birthday is Unix seconds or a date: clients disagree, so both are taken."""
    birthday = given.maybe("birthday")
    if birthday is not None and not birthday.isdecimal() and not _DAY.fullmatch(birthday):
        given.refuse("birthday")
    return Person(
        birthday=birthday,
        sex=given.maybe_choice("sex", SEXES),
        lname=given.maybe("lname"),
        fname=given.maybe("fname"),
        sname=given.maybe("sname"),
        params=(given.maybe("param1"), given.maybe("param2"), given.maybe("param3")),
    )


def _told(contact: _Contact) -> dict[str, Any]:
    who = contact.person
    params = {f"param{index}": value or "" for index, value in enumerate(who.params, start=1)}
    names = {"sex": who.sex, "lname": who.lname, "fname": who.fname, "sname": who.sname}
    return {"number": contact.number} | names | params | operator(contact.number)


def _fits(told: Mapping[str, Any], wanted: Mapping[str, str | None]) -> bool:
    return all(value is None or told[name] == value for name, value in wanted.items())
