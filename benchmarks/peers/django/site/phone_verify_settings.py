"""django-phone-verify as its documentation sets it up, with nothing of Django that it does not need."""

from common import *  # noqa: F403 - Django's settings are the names of a module

ROOT_URLCONF = "phone_verify_urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "rest_framework",
    "phone_verify",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
PHONE_VERIFICATION = {
    "BACKEND": "phone_verify_gate.Gate",
    "OPTIONS": {},
    "TOKEN_LENGTH": 6,
    "MESSAGE": "{security_code}",
    "APP_NAME": "",
    "SECURITY_CODE_EXPIRATION_SECONDS": 300,
    "VERIFY_SECURITY_CODE_ONLY_ONCE": True,
}
