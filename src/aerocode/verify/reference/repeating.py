"""Requests that name themselves, as `reference.py` has them."""

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from aerocode.model.decision import Issue
from aerocode.model.decision import Request
from aerocode.model.decision import Resend
from aerocode.model.decision import Unanswered
from aerocode.model.decision import Unlike
from aerocode.model.decision import Unready
from aerocode.model.states import MessageStatus
from aerocode.verify.reference.world import Asked
from aerocode.verify.reference.world import RequestKey
from aerocode.verify.reference.world import World

LIFE = timedelta(days=1)


def key_of(application: str, request: Request) -> RequestKey:
    return application, request.route, request.key


def earlier(
    world: World, now: datetime, application: str, ask: Issue | Resend
) -> Asked | Unanswered | Unlike | Unready | None:
    """What a request is told that was made before: the same again, if it is the same. A new one must be ready to go."""
    request = ask.request
    asked = None if request is None else world.requests.get(key_of(application, request))
    if request is None or asked is None or now - asked.at >= LIFE:
        return None if ask.ready else Unready()
    if asked.body != request.body:
        return Unlike()
    if asked.answer is None and world.messages[asked.message_id].status is MessageStatus.CREATED:
        return Unanswered()
    return asked


def remember(
    world: World, now: datetime, application: str, request: Request | None, message_id: str, *, again: bool
) -> World:
    if request is None:
        return world
    asked = Asked(at=now, body=request.body, message_id=message_id, again=again)
    return replace(world, requests={**world.requests, key_of(application, request): asked})


def answer(world: World, message_id: str) -> World:
    """What is told for the message now is told for its request from now on."""
    sent = world.messages[message_id]
    asked = None if sent.request is None else world.requests.get(sent.request)
    if sent.request is None or asked is None or asked.message_id != message_id:
        return world
    told = replace(asked, answer=(world.verifications[sent.verification], sent.status))
    return replace(world, requests={**world.requests, sent.request: told})
