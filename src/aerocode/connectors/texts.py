"""The message texts we offer, one for each usage type, in English, Russian and French.

Each names the product, the code and the real lifetime, and fits one SMS. "min" and «мин.» stand for one and for many,
so that no text is wrong for `expiresIn` 1. The shared sender name of SMS Aero asks that the text name the service.
"""

from collections.abc import Mapping

from aerocode.model.states import UsageType

ENGLISH: Mapping[UsageType, str] = {
    UsageType.REGISTER: ("{{appName}}: {{code}} is your sign-up code, valid for {{expiresIn}} min. Do not share it."),
    UsageType.SIGN_IN: ("{{appName}}: {{code}} is your sign-in code, valid for {{expiresIn}} min. Do not share it."),
    UsageType.FORGOT_PASSWORD: (
        "{{appName}}: {{code}} is your code to set a new password, valid for {{expiresIn}} min. Do not share it."
    ),
    UsageType.GENERIC: (
        "{{appName}}: {{code}} is your confirmation code, valid for {{expiresIn}} min. Do not share it."
    ),
    UsageType.ORGANIZATION_INVITATION: (
        "{{appName}}: {{code}} is your code to join the organization, valid for {{expiresIn}} min."
    ),
    UsageType.USER_PERMISSION_VALIDATION: (
        "{{appName}}: {{code}} is the code to confirm that it is you, valid for {{expiresIn}} min. Do not share it."
    ),
    UsageType.BIND_NEW_IDENTIFIER: (
        "{{appName}}: {{code}} is the code to add this phone to your account, valid for {{expiresIn}} min."
    ),
    UsageType.MFA_VERIFICATION: (
        "{{appName}}: {{code}} is your code for the second step of sign-in, valid for {{expiresIn}} min."
    ),
    UsageType.BIND_MFA: (
        "{{appName}}: {{code}} is the code to turn on two-step sign-in, valid for {{expiresIn}} min. Do not share it."
    ),
}

RUSSIAN: Mapping[UsageType, str] = {
    UsageType.REGISTER: "{{appName}}: код регистрации {{code}}, действует {{expiresIn}} мин.",
    UsageType.SIGN_IN: "{{appName}}: код входа {{code}}, действует {{expiresIn}} мин.",
    UsageType.FORGOT_PASSWORD: "{{appName}}: код смены пароля {{code}}, действует {{expiresIn}} мин.",
    UsageType.GENERIC: "{{appName}}: код подтверждения {{code}}, действует {{expiresIn}} мин.",
    UsageType.ORGANIZATION_INVITATION: "{{appName}}: код приглашения {{code}}, действует {{expiresIn}} мин.",
    UsageType.USER_PERMISSION_VALIDATION: "{{appName}}: код проверки доступа {{code}}, действует {{expiresIn}} мин.",
    UsageType.BIND_NEW_IDENTIFIER: "{{appName}}: код привязки номера {{code}}, действует {{expiresIn}} мин.",
    UsageType.MFA_VERIFICATION: "{{appName}}: код второго шага {{code}}, действует {{expiresIn}} мин.",
    UsageType.BIND_MFA: "{{appName}}: код защиты входа {{code}}, действует {{expiresIn}} мин.",
}

FRENCH: Mapping[UsageType, str] = {
    UsageType.REGISTER: "{{appName}} : code d'inscription {{code}}, valable {{expiresIn}} min.",
    UsageType.SIGN_IN: "{{appName}} : code de connexion {{code}}, valable {{expiresIn}} min.",
    UsageType.FORGOT_PASSWORD: "{{appName}} : nouveau mot de passe, code {{code}}, {{expiresIn}} min.",
    UsageType.GENERIC: "{{appName}} : code de confirmation {{code}}, valable {{expiresIn}} min.",
    UsageType.ORGANIZATION_INVITATION: "{{appName}} : code d'invitation {{code}}, valable {{expiresIn}} min.",
    UsageType.USER_PERMISSION_VALIDATION: "{{appName}} : code de contrôle {{code}}, valable {{expiresIn}} min.",
    UsageType.BIND_NEW_IDENTIFIER: "{{appName}} : code d'ajout du numéro {{code}}, valable {{expiresIn}} min.",
    UsageType.MFA_VERIFICATION: "{{appName}} : code de seconde étape {{code}}, valable {{expiresIn}} min.",
    UsageType.BIND_MFA: "{{appName}} : code d'activation 2 étapes {{code}}, {{expiresIn}} min.",
}


def offered() -> list[dict[str, str]]:
    """The nine English texts as a config's `templates`: they carry no locale, so they answer for every language."""
    return [{"usageType": usage.value, "content": text} for usage, text in ENGLISH.items()]


def translated(locale: str) -> list[dict[str, str]]:
    """The nine texts of a language (`ru` or `fr`) under its locale, to stand beside the English ones."""
    texts = {"ru": RUSSIAN, "fr": FRENCH}[locale]
    return [{"usageType": usage.value, "locale": locale, "content": text} for usage, text in texts.items()]
