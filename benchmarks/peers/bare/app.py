"""Phone verification as a person writes it in an afternoon: FastAPI, pyotp, and one POST to the SMS provider.

It keeps nothing at all, so that any process can check what another one started; it counts no guesses and asks for no
key. This is what Aerocode's cost is held against.
"""

import base64
import hmac
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pyotp
from fastapi import FastAPI
from fastapi import HTTPException
from pydantic import BaseModel
from pydantic import Field

_GATE = os.environ["GATE"]
#: Seconds; the longest pyotp takes.
_INTERVAL = 120


class Start(BaseModel):
    phone: str = Field(pattern=r"^\+[1-9]\d{9,14}$")


class Check(Start):
    code: str = Field(pattern=r"^\d{6}$")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    auth = aiohttp.BasicAuth("bench@example.com", "a-key-of-nobody")
    async with aiohttp.ClientSession(auth=auth, timeout=aiohttp.ClientTimeout(total=8)) as session:
        app.state.session = session
        yield


app = FastAPI(lifespan=lifespan)


def totp(phone: str) -> pyotp.TOTP:
    secret = hmac.digest(b"a key of the installation", phone.encode(), "sha1")
    return pyotp.TOTP(base64.b32encode(secret).decode(), interval=_INTERVAL)


@app.post("/start", status_code=201)
async def start(body: Start) -> dict[str, str]:
    text = f"Ваш код подтверждения: {totp(body.phone).now()}"
    sms = {"number": body.phone.removeprefix("+"), "sign": "SMS Aero", "text": text}
    async with app.state.session.post(f"{_GATE}/v2/sms/send", json=sms) as answer:
        sent = await answer.json()
    if answer.status != 200 or not sent["success"]:
        raise HTTPException(502, "The SMS was not sent.")
    return {"phone": body.phone, "status": "pending"}


@app.post("/check")
async def check(body: Check) -> dict[str, str]:
    # A code made at the end of one interval is checked in the next.
    if not totp(body.phone).verify(body.code, valid_window=1):
        raise HTTPException(400, "This is not the code.")
    return {"phone": body.phone, "status": "approved"}


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}
