"""Logto's `/api/sign-in-exp`: the code policy, and how people sign in as far as phones have a part in it."""

from dataclasses import dataclass
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aerocode import errors
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.sign_in_bodies import CodePolicyBody
from aerocode.api.sign_in_bodies import PasswordExpirationBody
from aerocode.api.sign_in_bodies import SignInBody
from aerocode.api.sign_in_bodies import SignInExpBody
from aerocode.api.sign_in_bodies import SignUpBody
from aerocode.model.audit import By
from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import Method
from aerocode.model.sign_in import Secondary
from aerocode.model.sign_in import SignIn
from aerocode.model.sign_in import SignUp
from aerocode.ports import Rules
from aerocode.verify.sign_in import admit

#: Fields that can be set back to nothing.
_NULLABLE = frozenset({"forgot_password_methods"})
_REFUSED = frozenset({"captcha_policy", "sentinel_policy"})


@dataclass(frozen=True, slots=True)
class SignInExpHandlers:
    rules: Rules

    async def show(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, render(await self.rules.experience()))

    async def change(self, ask: Ask[SignInExpBody]) -> Answer:
        body = ask.body
        named = {
            name for name in body.model_fields_set - _REFUSED if name in _NULLABLE or getattr(body, name) is not None
        }
        if not named:
            raise errors.EntityInvalid
        subject = body.model_dump_json(include=named, exclude_unset=True, by_alias=True)
        changed = await self.rules.change_experience(
            lambda old, with_sms: _changed(old, body, named, with_sms=with_sms), subject, by=By(actor=ask.caller.key)
        )
        return Answer(200, render(changed))


def render(value: Experience) -> dict[str, Any]:
    policy, sign_in = value.policy, value.sign_in
    days = sign_in.password_days
    return {
        "tenantId": "default",
        "id": "default",
        "signInMode": sign_in.mode,
        "signUp": {
            "identifiers": list(sign_in.sign_up.identifiers),
            "password": sign_in.sign_up.password,
            "verify": sign_in.sign_up.verify,
            "secondaryIdentifiers": [
                {"identifier": one.identifier, "verify": one.verify} for one in sign_in.sign_up.secondary
            ],
        },
        "signIn": {
            "methods": [
                {
                    "identifier": one.identifier,
                    "password": one.password,
                    "verificationCode": one.verification_code,
                    "isPasswordPrimary": one.is_password_primary,
                }
                for one in sign_in.methods
            ]
        },
        "forgotPasswordMethods": None if sign_in.recovery is None else list(sign_in.recovery),
        "mfa": {"factors": list(sign_in.factors), "policy": sign_in.prompt},
        "passwordExpiration": {"enabled": False} if days is None else {"enabled": True, "validPeriodDays": days},
        "verificationCodePolicy": {
            "expirationDuration": int(policy.lifetime.total_seconds()),
            "maxRetryAttempts": policy.attempts,
        },
    }


def _changed(old: Experience, body: SignInExpBody, named: set[str], *, with_sms: bool) -> Experience:
    changes: dict[str, Any] = {}
    if "sign_in_mode" in named:
        changes["mode"] = body.sign_in_mode
    if body.sign_up is not None:
        changes["sign_up"] = _sign_up(body.sign_up)
    if body.sign_in is not None:
        changes["methods"] = _methods(body.sign_in)
    if "forgot_password_methods" in named:
        ways = body.forgot_password_methods
        changes["recovery"] = None if ways is None else tuple(dict.fromkeys(ways))
    if body.mfa is not None:
        changes |= {"factors": tuple(dict.fromkeys(body.mfa.factors)), "prompt": body.mfa.policy}
    if body.password_expiration is not None:
        changes["password_days"] = _days(body.password_expiration)
    sign_in: SignIn = replace(old.sign_in, **changes)
    return Experience(
        policy=_policy(old.policy, body.verification_code_policy),
        sign_in=admit(sign_in, changes.keys(), with_sms=with_sms),
    )


def _policy(old: Policy, body: CodePolicyBody | None) -> Policy:
    if body is None:
        return old
    return replace(old, lifetime=timedelta(seconds=body.expiration_duration), attempts=body.max_retry_attempts)


def _sign_up(body: SignUpBody) -> SignUp:
    return SignUp(
        identifiers=tuple(body.identifiers),
        password=body.password,
        verify=body.verify,
        secondary=tuple(Secondary(identifier=one.identifier, verify=one.verify) for one in body.secondary_identifiers),
    )


def _methods(body: SignInBody) -> tuple[Method, ...]:
    return tuple(
        Method(
            identifier=one.identifier,
            password=one.password,
            verification_code=one.verification_code,
            is_password_primary=one.is_password_primary,
        )
        for one in body.methods
    )


def _days(body: PasswordExpirationBody) -> int | None:
    return body.valid_period_days if body.enabled else None
