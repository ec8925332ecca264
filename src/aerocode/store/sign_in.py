"""How the sign-in settings are spelt in the database: JSON, with the names that the API uses."""

from typing import Any

from aerocode.model.sign_in import Factor
from aerocode.model.sign_in import Identifier
from aerocode.model.sign_in import Method
from aerocode.model.sign_in import Mode
from aerocode.model.sign_in import Prompt
from aerocode.model.sign_in import Recovery
from aerocode.model.sign_in import Secondary
from aerocode.model.sign_in import SignIn
from aerocode.model.sign_in import SignUp


def from_sign_in(value: SignIn) -> dict[str, Any]:
    return {
        "mode": value.mode,
        "signUp": {
            "identifiers": list(value.sign_up.identifiers),
            "password": value.sign_up.password,
            "verify": value.sign_up.verify,
            "secondary": [[one.identifier, one.verify] for one in value.sign_up.secondary],
        },
        "methods": [
            [one.identifier, one.password, one.verification_code, one.is_password_primary] for one in value.methods
        ],
        "recovery": None if value.recovery is None else list(value.recovery),
        "factors": list(value.factors),
        "prompt": value.prompt,
        "passwordDays": value.password_days,
    }


def to_sign_in(stored: dict[str, Any]) -> SignIn:
    sign_up, recovery = stored["signUp"], stored["recovery"]
    return SignIn(
        mode=Mode(stored["mode"]),
        sign_up=SignUp(
            identifiers=tuple(Identifier(one) for one in sign_up["identifiers"]),
            password=sign_up["password"],
            verify=sign_up["verify"],
            secondary=tuple(Secondary(identifier=Identifier(one), verify=word) for one, word in sign_up["secondary"]),
        ),
        methods=tuple(
            Method(identifier=Identifier(one), password=password, verification_code=code, is_password_primary=primary)
            for one, password, code, primary in stored["methods"]
        ),
        recovery=None if recovery is None else tuple(Recovery(one) for one in recovery),
        factors=tuple(Factor(one) for one in stored["factors"]),
        prompt=Prompt(stored["prompt"]),
        password_days=stored["passwordDays"],
    )
