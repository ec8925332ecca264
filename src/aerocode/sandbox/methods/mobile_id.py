"""`mobile-id/*`: the operator asks the SIM card; where that fails (fault `undelivered`), an SMS with a code.

Sources disagree about the numbers of its states. These are those of the documentation: 0 waiting, 1 success, 2 failed,
3 code needed, 8 in progress.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aerocode.sandbox.faults import ORDINARY
from aerocode.sandbox.faults import Canned
from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.fields import LONGEST_SIGN
from aerocode.sandbox.fields import Given
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.life import Lives
from aerocode.sandbox.life import Step
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.methods.telegram import SendSms
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Refused
from aerocode.sandbox.replies import Sending
from aerocode.sandbox.replies import wrong
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

LIVES_FOR = 120.0  # seconds until a session is forgotten
_WAITING = Step(0.0, 0, "")
_IN_PROGRESS = Step(0.5, 8, "")
_SUCCESS = Step(1.0, 1, "")
_CODE_NEEDED = Step(0.0, 3, "")
_LIVES: Lives = {
    Fate.DELIVERED: (_WAITING, _IN_PROGRESS, _SUCCESS),
    Fate.LATE: (_WAITING, _IN_PROGRESS, _SUCCESS),
    Fate.MODERATED: (_WAITING, _IN_PROGRESS, _SUCCESS),
    Fate.MODERATION: (_WAITING,),
    Fate.UNDELIVERED: (_CODE_NEEDED,),
    Fate.REJECTED: (_WAITING, Step(1.0, 2, "")),
}


@dataclass(slots=True)
class _Session:
    push: Message
    code: str
    """Empty unless it went out by SMS."""
    verified: bool = False


class MobileId:
    def __init__(self, state: State, send_sms: SendSms) -> None:
        self._state = state
        self._send_sms = send_sms
        self._sessions: Rows[_Session] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="mobile-id/send", act=self._send)
        yield Endpoint(path="mobile-id/status", act=self._status)
        yield Endpoint(path="mobile-id/verify", act=self._verify)

    def _send(self, given: Given) -> Sending:
        number, sign, target = given.number(), given.text("sign", 2, LONGEST_SIGN), given.target()
        given.check()

        def take(fault: Fault) -> Answer:
            life = _LIVES[fault.fate]
            session = self._accept(number, sign, fault)
            session_id = self._sessions.add(session, session.push.id)
            changes = [
                (session.push.course.at(step), {"id": session_id, "status": step.status, "number": number})
                for step in life[1:]
            ]
            self._state.callbacks.follow(target, changes, fault.reports)
            return Answer(self._told(session_id))

        return Sending((number,), take)

    def _accept(self, number: str, sign: str, fault: Fault) -> _Session:
        push = Message(
            id=self._state.next_id(),
            channel="mobile-id",
            number=number,
            sign=sign,
            text=f"Confirm signing in to {sign}?",
            cost=0.0,
            received=self._state.now(),
            course=self._state.course(_LIVES[fault.fate], fault.fate),
        )
        if fault.fate is not Fate.UNDELIVERED:
            self._state.inbox.add(push)
            return _Session(push, code="")
        code = f"{secrets.randbelow(10_000):04}"
        self._send_sms(number, sign, f"{sign}: {code}", ORDINARY)
        return _Session(push, code)

    def _status(self, given: Given) -> Answer:
        session = given.one()
        self._live(session)
        return Answer(self._told(session))

    def _verify(self, given: Given) -> Answer:
        session_id, code = given.whole("id"), given.text("code")
        given.check()
        session = self._live(session_id)
        if not session.code or code != session.code:
            raise wrong("code")
        session.verified = True
        return Answer(self._told(session_id))

    def _live(self, session_id: int) -> _Session:
        try:
            session = self._sessions.get(session_id)
        except Refused:
            session = None
        if session is None or self._state.now() >= session.push.received + LIVES_FOR:
            # The words are known, the HTTP status is not; 400 would be taken for a wrong code.
            raise Refused(Canned(status=404, message="session not found"))
        return session

    def _told(self, session_id: int) -> dict[str, Any]:
        session = self._sessions.get(session_id)
        return {
            "id": session_id,
            "number": session.push.number,
            "authType": "SMS" if session.code else "SIM-PUSH",
            "codeSms": session.code,
            "status": 1 if session.verified else session.push.step(self._state.now()).status,
            "cost": 0,
            "dateCreate": int(session.push.received),
            "dateSend": int(session.push.received),
        }
