"""How people sign in, and the code policy beside it: changed together, in one step, and written down."""

import asyncio
from dataclasses import replace

import pytest
from store_words import BY
from store_words import seconds

from aerocode.errors import EntityInvalid
from aerocode.model.connector import SavedConnector
from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import Factor
from aerocode.model.sign_in import Identifier
from aerocode.model.sign_in import Method
from aerocode.model.sign_in import Mode
from aerocode.model.sign_in import Prompt
from aerocode.model.sign_in import Recovery
from aerocode.model.sign_in import Secondary
from aerocode.model.sign_in import SignIn
from aerocode.model.sign_in import SignUp

pytestmark = pytest.mark.anyio


def phones(sign_in):
    return replace(sign_in, recovery=(Recovery.PHONE,))


async def test_a_new_store_has_plain_sign_in_settings(store):
    assert Experience(policy=Policy(), sign_in=SignIn()) == await store.settings.experience()


async def test_every_sign_in_setting_survives_a_restart(home, store):
    wanted = Experience(
        policy=Policy(lifetime=seconds(90), attempts=3),
        sign_in=SignIn(
            mode=Mode.SIGN_IN,
            sign_up=SignUp(
                identifiers=(Identifier.PHONE,),
                password=False,
                verify=True,
                secondary=(Secondary(identifier=Identifier.USERNAME),),
            ),
            methods=(
                Method(identifier=Identifier.PHONE, password=False, verification_code=True, is_password_primary=False),
            ),
            recovery=(Recovery.PHONE,),
            factors=(Factor.TOTP, Factor.BACKUP_CODE),
            prompt=Prompt.MANDATORY,
            password_days=30,
        ),
    )
    await store.settings.change_experience(lambda _old, _with_sms: wanted, "all", by=BY)
    store = await home.reopen()
    assert (wanted, wanted.policy) == (await store.settings.experience(), await store.settings.policy())


async def test_a_change_of_sign_in_settings_is_told_whether_a_connector_is_saved(store):
    told = []

    def look(old, with_sms):
        told.append(with_sms)
        return old

    await store.settings.change_experience(look, "", by=BY)
    connector = SavedConnector(id="c", factory="f", config={}, created_at=await store.now())
    await store.connectors.replace(connector, by=BY)
    await store.settings.change_experience(look, "", by=BY)
    assert [False, True] == told


async def test_changes_of_sign_in_settings_at_once_all_stay(store):
    def longer(old, _):
        return replace(old, policy=replace(old.policy, lifetime=old.policy.lifetime + seconds(1)))

    def by_phone(old, _):
        return replace(old, sign_in=phones(old.sign_in))

    changes = [longer] * 5 + [by_phone]
    await asyncio.gather(*(store.settings.change_experience(change, "", by=BY) for change in changes))
    found = await store.settings.experience()
    assert (Policy().lifetime + seconds(5), (Recovery.PHONE,)) == (found.policy.lifetime, found.sign_in.recovery)


async def test_a_refused_change_of_sign_in_settings_leaves_everything_and_is_not_written_down(home, store):
    def refuse(old, _):
        raise EntityInvalid

    before = await store.settings.experience()
    with pytest.raises(EntityInvalid):
        await store.settings.change_experience(refuse, "", by=BY)
    assert (before, []) == (await store.settings.experience(), await home.look("select id from audit"))


async def test_a_change_of_sign_in_settings_is_written_down(home, store):
    await store.settings.change_experience(lambda old, _: old, "what was changed", by=BY)
    assert [("a test", "sign_in_exp", "what was changed")] == await home.look(
        "select actor, action, subject from audit"
    )
