"""Groups, contacts, the blacklist, HLR and operators."""

import pytest

pytestmark = pytest.mark.anyio

WHO = {"number": "79031234567", "sex": "male", "lname": "Doe", "fname": "John", "sname": "Smith", "param1": "vip"}


async def test_a_group_is_added_listed_and_deleted(data):
    group = await data("group/add", name="friends")
    listed = await data("group/list")
    await data("group/delete", id=group["id"])

    assert {"id": group["id"], "name": "friends", "count": 0} == group
    assert {"id": str(group["id"]), "name": "friends", "countContacts": "0"} == listed["0"]
    assert "0" == (await data("group/list"))["totalCount"]


async def test_all_groups_are_deleted_at_once(ask, data):
    for name in ("friends", "foes"):
        await data("group/add", name=name)

    assert (200, {"success": True, "data": None, "message": "All groups deleted."}) == await ask("group/delete-all")
    assert "0" == (await data("group/list"))["totalCount"]


async def test_a_contact_is_told_with_its_operator(data):
    contact = await data("contact/add", **WHO)

    assert contact == {
        "id": contact["id"],
        **WHO,
        "param2": "",
        "param3": "",
        "operator": 5,
        "extendOperator": "BEELINE",
    }


async def test_a_list_tells_a_contact_s_groups_and_a_number_that_is_an_integer(data):
    group = (await data("group/add", name="friends"))["id"]
    await data("contact/add", **WHO, groupId=group)
    contact = (await data("contact/list"))["0"]

    assert (79031234567, [{"id": group, "name": "friends"}], 1, "available") == tuple(
        contact[name] for name in ("number", "groups", "hlrStatus", "extendHlrStatus")
    )
    assert "1" == (await data("group/list"))["0"]["countContacts"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"number": "79031234567"}, 1),
        ({"number": None, "groupId": None, "operator": None}, 2),
        ({"sex": "male"}, 1),
        ({"lname": "Doe", "fname": "John"}, 1),
        ({"lname": "Doe", "fname": "Jane"}, 0),
        ({"operator": "MTS"}, 1),
        ({"operator": "OTHER"}, 0),
        ({"birthday": "1990-01-01"}, 1),
        ({"groupId": 1}, 0),
    ],
)
async def test_contacts_are_filtered(data, filters, found):
    await data("contact/add", **WHO)
    await data("contact/add", number="79101234567", sex="female", birthday="1990-01-01")

    assert str(found) == (await data("contact/list", **filters))["totalCount"]


async def test_a_contact_is_deleted(data, wrong):
    contact = await data("contact/add", **WHO)
    await data("contact/delete", id=contact["id"])

    assert "0" == (await data("contact/list"))["totalCount"]
    assert ["id"] == await wrong("contact/delete", id=contact["id"])


async def test_all_contacts_are_deleted_at_once(ask, data):
    await data("contact/add", **WHO)

    assert (200, {"success": True, "data": None, "message": "Contact delete."}) == await ask("contact/delete-all")
    assert "0" == (await data("contact/list"))["totalCount"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": "+79031234567"}, "number"),
        ({"number": ["79031234567"]}, "number"),
        ({"sex": "robot"}, "sex"),
        ({"birthday": "yesterday"}, "birthday"),
        ({"groupId": 1}, "groupId"),
        ({"lname": "x" * 256}, "lname"),
    ],
)
async def test_a_contact_with_a_wrong_field_is_refused(data, wrong, given, field):
    assert [field] == await wrong("contact/add", **WHO | given)
    assert "0" == (await data("contact/list"))["totalCount"]


async def test_a_birthday_is_unix_seconds_or_a_date(data):
    assert [True, True] == [
        bool(await data("contact/add", **WHO, birthday=birthday)) for birthday in (631152000, "1990-01-01")
    ]


@pytest.mark.parametrize("path", ["group/delete", "contact/delete", "blacklist/delete", "hlr/status"])
@pytest.mark.parametrize("given", [{}, {"id": 1}, {"id": "x"}])
async def test_an_id_nobody_got_is_refused(wrong, path, given):
    assert ["id"] == await wrong(path, **given)


async def test_a_blacklisted_number_is_told_with_other_names_for_its_fields(data):
    row = await data("blacklist/add", number="79031234567", fname="John", param1="spam")

    assert row == {
        "id": row["id"], "number": "79031234567", "sex": None, "lname": None, "fname": "John", "sname": None,
        "bday": None, "param": "spam", "param2": None, "param3": None,
    }  # fmt: skip


async def test_many_are_blacklisted_at_once_and_found_by_number(data):
    rows = await data("blacklist/add", numbers=["79031234567", "79031234568"])
    listed = await data("blacklist/list", number="79031234568")

    assert (2, "1", str(rows[1]["id"])) == (len(rows), listed["totalCount"], listed["0"]["id"])


async def test_an_sms_to_a_blacklisted_number_is_rejected_until_it_is_off_the_list(data, sandbox):
    row = await data("blacklist/add", number="79129999999")
    sms = {"number": "79129999999", "sign": "SMS Aero", "text": "hello"}
    first = await data("sms/send", **sms)
    await data("blacklist/delete", id=row["id"])
    second = await data("sms/send", **sms)
    sandbox.advance(10)

    assert [6, 1] == [(await data("sms/status", id=sent["id"]))["status"] for sent in (first, second)]


@pytest.mark.parametrize(
    ("number", "operator", "name"),
    [
        ("79201234567", 1, "MEGAFON"),
        ("79101234567", 4, "MTS"),
        ("79031234567", 5, "BEELINE"),
        ("79501234567", 6, "TELE2"),
        ("35846601234", 0, "OTHER"),
    ],
)
async def test_an_operator_is_told_by_the_prefix(data, number, operator, name):
    told = {"number": number, "operator": operator, "extendOperator": name}

    assert told == await data("number/operator", number=number)


async def test_many_operators_are_an_array(data):
    assert 2 == len(await data("number/operator", numbers=["79201234567", "79101234567"]))


async def test_an_hlr_check_is_in_work_until_it_is_done(data, sandbox):
    check = await data("hlr/check", number=79031234567)
    sandbox.advance(10)

    assert {"id": check["id"], "number": "79031234567", "hlrStatus": 4, "extendHlrStatus": "in work"} == check
    assert check | {"hlrStatus": 1, "extendHlrStatus": "available"} == await data("hlr/status", id=check["id"])


async def test_many_hlr_checks_are_an_array(data):
    assert 2 == len(await data("hlr/check", numbers=["79201234567", "79101234567"]))
