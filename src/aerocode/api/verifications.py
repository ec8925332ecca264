"""Verifications over our own routes and over Logto's two."""

import json
import re
from dataclasses import dataclass
from typing import Any

from aerocode import errors
from aerocode.api import bodies
from aerocode.api import render
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.exchange import Parameter
from aerocode.api.paging import limit_of
from aerocode.model.decision import ById
from aerocode.model.decision import Request
from aerocode.model.states import UsageType
from aerocode.model.verification import Verification
from aerocode.phone import Countries
from aerocode.ports import Reader
from aerocode.verify.asking import Proof
from aerocode.verify.asking import Sent
from aerocode.verify.asking import Start
from aerocode.verify.engine import Engine

IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    description="Names this request for a day: asked again, it is answered as before, and nothing is sent.",
    pattern="^[ -~]{1,255}$",
)
_KEY = re.compile(r"[ -~]{1,255}")


@dataclass(frozen=True, slots=True)
class VerificationHandlers:
    engine: Engine
    reader: Reader
    countries: Countries

    async def start(self, ask: Ask[bodies.StartBody]) -> Answer:
        body = ask.body
        sent = await self.engine.start(
            Start(
                application=ask.caller.application,
                phone=body.phone,
                usage_type=body.usage_type,
                session=body.session,
                device_token=body.device_token,
                ip=body.ip,
                locale=body.locale,
                payload=body.payload,
                metadata=body.metadata,
                request=_request(ask, "start"),
            )
        )
        return _sent(sent)

    async def check(self, ask: Ask[bodies.CheckBody]) -> Answer:
        where = ById(ask.caller.application.id, ask.path["id"], ask.body.session)
        return _approved(await self.engine.check(where, ask.body.code))

    async def check_by_phone(self, ask: Ask[bodies.CheckByPhoneBody]) -> Answer:
        body = ask.body
        where = self.engine.subject(ask.caller.application, body.phone, body.usage_type, body.session)
        return _approved(await self.engine.check(where, body.code, body.device_token))

    async def resend(self, ask: Ask[bodies.SessionBody]) -> Answer:
        where = ById(ask.caller.application.id, ask.path["id"], ask.body.session)
        request = _request(ask, f"resend {where.verification_id}")
        return _sent(await self.engine.resend(ask.caller.application, where, request))

    async def cancel(self, ask: Ask[bodies.SessionBody]) -> Answer:
        where = ById(ask.caller.application.id, ask.path["id"], ask.body.session)
        return Answer(200, await self._shown(await self.engine.cancel(where)))

    async def one(self, ask: Ask[None]) -> Answer:
        found = await self.reader.verification(ask.caller.application.id, ask.path["id"])
        if found is None:
            raise errors.VerificationNotFound
        messages = await self.reader.messages_of(found)
        newest = next((message for message in messages if message.id == found.message_id), None)
        shown = render.verification(found, newest)
        return Answer(200, {**shown, "messages": [render.message(message) for message in messages]})

    async def many(self, ask: Ask[None]) -> Answer:
        """Newest first; `nextCursor` is null on the last page."""
        phone = self.countries.everywhere.admit(ask.query["phone"]) if "phone" in ask.query else None
        limit = limit_of(ask.query)
        found = await self.reader.verifications(
            ask.caller.application.id, phone=phone, before=ask.query.get("cursor"), limit=limit + 1
        )
        page = found[:limit]
        cursor = page[-1].id if len(found) > limit else None
        return Answer(200, {"verifications": [render.verification(row, None) for row in page], "nextCursor": cursor})

    async def send_code(self, ask: Ask[bodies.SendCodeBody]) -> Answer:
        """Logto's `POST /api/verification-codes`."""
        await self.engine.start(Start(application=ask.caller.application, phone=ask.body.phone))
        return Answer(204)

    async def verify_code(self, ask: Ask[bodies.VerifyCodeBody]) -> Answer:
        """Logto's `POST /api/verification-codes/verify`."""
        where = self.engine.subject(ask.caller.application, ask.body.phone, UsageType.GENERIC, "")
        await self.engine.check(where, ask.body.verification_code)
        return Answer(204)

    async def _shown(self, verification: Verification) -> dict[str, Any]:
        message = await self.reader.message(verification.application, verification.message_id)
        return render.verification(verification, message)


def _approved(proof: Proof) -> Answer:
    return Answer(200, render.approved(proof.verification, proof.device_token))


def _sent(sent: Sent) -> Answer:
    return Answer(200 if sent.again else 201, render.started(sent.verification, sent.message))


def _request(ask: Ask[Any], route: str) -> Request | None:
    """What the request names itself by, if it does. Its body is as we understood it, whatever spaces it came with."""
    key = ask.headers.get(IDEMPOTENCY_KEY.name)
    if key is None:
        return None
    if _KEY.fullmatch(key) is None:
        message = "Write 1 to 255 printable ASCII characters."
        fault = errors.Fault((IDEMPOTENCY_KEY.name,), "invalid_string", message, {"validation": "regex"})
        raise errors.InvalidInput([fault])
    body = json.dumps(ask.body.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return Request(key=key, route=route, body=body)
