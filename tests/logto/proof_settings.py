"""Section N: the sign-in settings. Sections Q and R: what is written down, and what a factory is."""

import logging

from app_words import FACTORY
from lines import betters
from lines import ours
from lines import proves
from world import CONNECTORS

from aerocode.connectors.kit import factories
from aerocode.model.sign_in import Recovery
from aerocode.model.sign_in import SignIn

BY_CODE = {"identifier": "phone", "password": False, "verificationCode": True, "isPasswordPrimary": False}
BY_PASSWORD = {"identifier": "phone", "password": True, "verificationCode": False, "isPasswordPrimary": True}
SIGN_UP = {"identifiers": ["phone"], "password": False, "verify": True}
NAMED = {"identifiers": ["username"], "password": True, "verify": False}
PHONE_MFA = {"factors": ["PhoneVerificationCode", "BackupCode"], "policy": "Mandatory"}
PHONE_RECOVERY = ["PhoneVerificationCode"]


async def refused(world, code, **parts):
    answer = await world.set(**parts)
    assert (400, f"sign_in_experiences.{code}") == answer.brief
    return answer.body.get("data")


@proves(169)
async def a_phone_needs_an_sms_connector(world):
    await world.remove()
    secondary = {**NAMED, "secondaryIdentifiers": [{"identifier": "phone", "verify": True}]}
    either = {**NAMED, "secondaryIdentifiers": [{"identifier": "emailOrPhone", "verify": True}]}
    for sign_up in (SIGN_UP, secondary, either):
        assert {"type": "Sms"} == await refused(world, "enabled_connector_not_found", signUp=sign_up)
    assert {"type": "Sms"} == await refused(world, "enabled_connector_not_found", signIn={"methods": [BY_CODE]})


@proves(170)
async def a_phone_at_sign_up_is_verified(world):
    await refused(world, "passwordless_requires_verify", signUp={**SIGN_UP, "password": True, "verify": False})
    assert 200 == (await world.set(signUp=SIGN_UP)).status


@proves(171)
async def a_method_has_a_password_or_a_code(world):
    neither = {**BY_CODE, "verificationCode": False}
    await refused(world, "at_least_one_authentication_factor", signIn={"methods": [neither]})
    await refused(world, "code_sign_in_must_be_enabled", signUp=SIGN_UP, signIn={"methods": [BY_PASSWORD]})


@proves(172)
async def the_phone_code_is_one_step_of_two(world):
    await world.set(signIn={"methods": [BY_CODE]})
    await refused(world, "phone_verification_code_cannot_be_used_for_mfa", mfa=PHONE_MFA)
    assert 200 == (await world.set(signIn={"methods": [BY_PASSWORD]}, mfa=PHONE_MFA)).status
    await refused(world, "phone_verification_code_cannot_be_used_for_sign_in", signIn={"methods": [BY_CODE]})


@proves(173)
async def recovery_by_phone_needs_an_sms_connector(world):
    assert 200 == (await world.set(forgotPasswordMethods=PHONE_RECOVERY)).status
    await world.set(forgotPasswordMethods=None)
    await world.remove()
    data = await refused(world, "forgot_password_method_requires_connector", forgotPasswordMethods=PHONE_RECOVERY)
    assert {"method": "sms"} == data


@proves(174)
async def without_methods_recovery_follows_the_connector_and_with_none_there_is_none(world):
    expiring = {"enabled": True, "validPeriodDays": 30}
    assert 200 == (await world.set(forgotPasswordMethods=None, passwordExpiration=expiring)).status
    answer = await world.set(forgotPasswordMethods=[], passwordExpiration=expiring)
    assert (422, "sign_in_experiences.password_expiration_requires_forgot_password") == answer.brief
    assert not SignIn(recovery=None).recovers_by_phone(with_sms=False)
    assert SignIn(recovery=(Recovery.PHONE,)).recovers_by_phone(with_sms=True)


@proves(175)
async def identifiers_are_not_repeated_and_have_a_first(world):
    phone, either = {"identifier": "phone", "verify": True}, {"identifier": "emailOrPhone", "verify": True}
    for sign_up in (
        {**SIGN_UP, "identifiers": ["phone", "phone"]},
        {**SIGN_UP, "secondaryIdentifiers": [phone]},
        {**SIGN_UP, "secondaryIdentifiers": [either]},
    ):
        await refused(world, "duplicated_sign_up_identifiers", signUp=sign_up)
    none = {"identifiers": [], "password": True, "verify": False, "secondaryIdentifiers": [phone]}
    await refused(world, "missing_sign_up_identifiers", signUp=none)


@betters(205)
async def what_was_typed_is_nowhere_afterwards(world):
    world.caplog.set_level(logging.DEBUG)
    typed = "927418365"  # longer than a code, so that nothing holds it by chance
    await world.send()
    assert 400 == (await world.verify(typed)).status
    assert "/api/verification-codes/verify" in world.caplog.text
    files = world.house.services.settings.database.parent.glob("aerocode.db*")
    assert typed not in world.caplog.text
    assert [] == [file.name for file in files if typed.encode() in file.read_bytes()]


@betters(206)
async def changes_of_connectors_are_written_down(world):
    row = (await world.save(senderName="FIRST")).body
    at = f"{CONNECTORS}/{row['id']}"
    await world.owner.ask("PATCH", at, {"config": world.config})
    await world.owner.post(f"{at}/restore")
    await world.remove()
    rows = await world.rows("select actor, action from audit where subject = ? order by at, id", (row["id"],))
    assert [("settings", f"connector.{word}") for word in ("save", "change", "restore", "remove")] == rows


@ours(207)
def nothing_is_loaded_from_a_disk(world):
    assert {FACTORY} == set(factories)


@proves(208)
def logo_and_readme_are_in_the_metadata_whole(world):
    metadata = factories[FACTORY].metadata()
    assert metadata["logo"].startswith("data:image/svg+xml,")
    assert metadata["readme"].startswith("#")


@ours(209)
def two_factories_cannot_have_one_id(world):
    assert [FACTORY] == [factory.id for factory in factories.values()] == list(factories)


@proves(210)
async def a_connector_is_shown_without_asking_the_gate(world):
    world.sandbox.fault("hang")
    before = world.sandbox.requests
    (row,) = (await world.owner.get(CONNECTORS)).body
    assert ("usage" in row, before) == (False, world.sandbox.requests)
