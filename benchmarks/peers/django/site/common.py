"""What both sites share: Django's settings as its deployment checklist asks, and the post to the SMS provider."""

import base64
import os
import secrets

import urllib3

GATE = os.environ["GATE"]
DEBUG = False
SECRET_KEY = os.environ.get("SITE_SECRET") or secrets.token_urlsafe(50)
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["DATABASE"],
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # What Django's documentation gives for SQLite under several writers.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    },
}
LOGGING = {"version": 1, "disable_existing_loggers": True}

_pool = urllib3.PoolManager(
    maxsize=16,
    headers={"authorization": "Basic " + base64.b64encode(b"bench@example.com:a-key-of-nobody").decode()},
)


def send(phone: str, code: str) -> None:
    sms = {"number": phone.removeprefix("+"), "sign": "SMS Aero", "text": f"Ваш код подтверждения: {code}"}
    answer = _pool.request("POST", f"{GATE}/v2/sms/send", json=sms, timeout=8)
    if answer.status != 200 or not answer.json()["success"]:
        raise RuntimeError("The SMS was not sent.")
