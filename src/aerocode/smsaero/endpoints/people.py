"""The address book and the blacklist: groups, contacts, and phones nobody may send to."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Any
from typing import Literal

from aerocode.smsaero import decode
from aerocode.smsaero.endpoints import answered
from aerocode.smsaero.endpoints import asked
from aerocode.smsaero.endpoints.answered import Item
from aerocode.smsaero.model import HlrStatus
from aerocode.smsaero.model import Many
from aerocode.smsaero.model import Operator
from aerocode.smsaero.model import Page
from aerocode.smsaero.wire import Request

OperatorName = Literal["MEGAFON", "MTS", "BEELINE", "TELE2", "OTHER"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """What to note of, or look for in, a contact. What is None is not said. The names are the provider's."""

    birthday: date | None = None
    """Goes out as the unix time of that day's midnight in UTC."""
    sex: Literal["male", "female"] | None = None
    lname: str | None = None
    """Family name."""
    fname: str | None = None
    """Given name."""
    sname: str | None = None
    """Patronymic."""
    param1: str | None = None
    param2: str | None = None
    param3: str | None = None

    def fields(self) -> dict[str, Any]:
        """As they go out."""
        told = {name: getattr(self, name) for name in ("sex", "lname", "fname", "sname", "param1", "param2", "param3")}
        return asked.given(birthday=_midnight(self.birthday), **told)


NOBODY = Person()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    id: int
    name: str
    count: int | None
    """How many contacts are in it; None when the gate does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Words are empty when absent. The repr holds nothing about the person."""

    id: int
    number: str = field(repr=False)
    sex: str = field(repr=False)
    lname: str = field(repr=False)
    fname: str = field(repr=False)
    sname: str = field(repr=False)
    param1: str = field(repr=False)
    param2: str = field(repr=False)
    param3: str = field(repr=False)
    operator: Operator | None
    extend_operator: str
    groups: tuple[Group, ...]
    hlr_status: HlrStatus | None
    extend_hlr_status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blacklisted:
    """Words are empty when absent. The repr holds nothing about the person."""

    id: int
    number: str = field(repr=False)
    birthday: str = field(repr=False)
    """As the gate writes it; its form is not documented."""
    sex: str = field(repr=False)
    lname: str = field(repr=False)
    fname: str = field(repr=False)
    sname: str = field(repr=False)
    param1: str = field(repr=False)
    param2: str = field(repr=False)
    param3: str = field(repr=False)


def group_add(*, name: str) -> Request[Group]:
    """Make a group of contacts."""
    return Request(path="group/add", body=asked.filled(name=name), read=answered.one(_read_group), repeatable=False)


def group_delete(id: int) -> Request[Literal[True]]:  # noqa: A002 - the provider's word
    """Delete a group; True when it is gone."""
    return _delete("group/delete", id)


def group_delete_all() -> Request[Literal[True]]:
    """Delete every group; True when they are gone."""
    return Request(path="group/delete-all", body={}, read=answered.done, repeatable=False)


def group_list() -> Request[Page[Group]]:
    """The groups of contacts."""
    return answered.listing("group/list", {}, _read_group)


def contact_add(*, number: str, group_id: int | None = None, person: Person = NOBODY) -> Request[Contact]:
    """Add a contact to the address book, and to a group when given."""
    return Request(
        path="contact/add",
        body={"number": asked.digits(number), **_group(group_id), **person.fields()},
        read=answered.to(number, _read_contact),
        repeatable=False,
        secrets=(number, *_told(person)),
        subject=asked.subject([number]),
    )


def contact_delete(id: int) -> Request[Literal[True]]:  # noqa: A002 - the provider's word
    """Delete a contact; True when it is gone."""
    return _delete("contact/delete", id)


def contact_delete_all() -> Request[Literal[True]]:
    """Delete every contact; True when they are gone."""
    return Request(path="contact/delete-all", body={}, read=answered.done, repeatable=False)


def contact_list(
    *,
    number: str | None = None,
    group_id: int | None = None,
    operator: OperatorName | None = None,
    person: Person = NOBODY,
) -> Request[Page[Contact]]:
    """The contacts, those that fit what is given only.

    Raises:
        ValueError: a field the provider can't take; it has no filter by `param1` to `param3`.

    """
    if any((person.param1, person.param2, person.param3)):
        raise ValueError("contacts can't be listed by param1, param2 or param3")
    told = {"number": None if number is None else asked.digits(number), "operator": operator}
    body = {**asked.given(**told), **_group(group_id), **person.fields()}
    return answered.listing("contact/list", body, _read_contact, secrets=(*filter(None, [number]), *_told(person)))


def blacklist_add(*, number: str, person: Person = NOBODY) -> Request[Blacklisted]:
    """Let nobody send to this number any more."""
    return Request(
        path="blacklist/add",
        body={"number": asked.digits(number), **person.fields()},
        read=answered.to(number, _read_blacklisted),
        repeatable=False,
        secrets=(number, *_told(person)),
        subject=asked.subject([number]),
    )


def blacklist_add_many(*, numbers: Sequence[str]) -> Request[Many[Blacklisted]]:
    """Let nobody send to these numbers any more; one answer for each."""
    return Request(
        path="blacklist/add",
        body={"numbers": asked.several(numbers)},
        read=answered.each(numbers, _read_blacklisted),
        repeatable=False,
        secrets=tuple(numbers),
        subject=asked.subject(numbers),
        reply_limit=answered.LONG,
    )


def blacklist_delete(id: int) -> Request[Literal[True]]:  # noqa: A002 - the provider's word
    """Take a number off the blacklist; True when it is off."""
    return _delete("blacklist/delete", id)


def blacklist_list(*, number: str | None = None) -> Request[Page[Blacklisted]]:
    """The blacklist, or its entry for one number."""
    body = asked.given(number=None if number is None else asked.digits(number))
    return answered.listing("blacklist/list", body, _read_blacklisted, secrets=tuple(filter(None, [number])))


def _delete(path: str, given_id: int) -> Request[Literal[True]]:
    body = asked.ids(id=given_id)
    return Request(path=path, body=body, read=answered.done, repeatable=False, subject=f"id {given_id}")


def _group(group_id: int | None) -> dict[str, int]:
    return {} if group_id is None else dict(asked.ids(groupId=group_id))


def _midnight(birthday: date | None) -> int | None:
    if birthday is None:
        return None
    return int(datetime(birthday.year, birthday.month, birthday.day, tzinfo=UTC).timestamp())


def _told(person: Person) -> tuple[str, ...]:
    return tuple(value for value in person.fields().values() if isinstance(value, str))


def _read_group(item: Item) -> Group | None:
    group_id = decode.whole(item.get("id"))
    if not group_id:
        return None
    # group/add calls it count, group/list countContacts.
    count = decode.whole(item.get("count", item.get("countContacts")))
    return Group(id=group_id, name=decode.words(item.get("name")), count=count)


def _read_contact(item: Item) -> Contact | None:
    contact_id = decode.whole(item.get("id"))
    if not contact_id:
        return None
    groups = (_read_group(each) for each in decode.objects(item.get("groups")))
    return Contact(
        id=contact_id,
        number=answered.phone(item, "number"),
        **{name: decode.words(item.get(name)) for name in _WORDS},
        param1=decode.words(item.get("param1")),
        operator=answered.status(Operator, item, "operator"),
        extend_operator=decode.words(item.get("extendOperator")),
        groups=tuple(group for group in groups if group is not None),
        hlr_status=answered.status(HlrStatus, item, "hlrStatus"),
        extend_hlr_status=decode.words(item.get("extendHlrStatus")),
    )


def _read_blacklisted(item: Item) -> Blacklisted | None:
    entry_id = decode.whole(item.get("id"))
    if not entry_id:
        return None
    return Blacklisted(
        id=entry_id,
        number=answered.phone(item, "number"),
        **{name: decode.words(item.get(name)) for name in _WORDS},
        # The first free field and the date go by other names here than everywhere else.
        param1=decode.words(item.get("param", item.get("param1"))),
        birthday=decode.words(item.get("bday")),
    )


_WORDS = ("sex", "lname", "fname", "sname", "param2", "param3")
