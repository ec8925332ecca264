"""What moderation does to a code's life, as the reference has it: all messages of a verification looked at."""

from dataclasses import replace
from datetime import datetime

from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Verification
from aerocode.verify.reference.world import World
from aerocode.verify.reference.world import put


def moderated(world: World, now: datetime, message_id: str, was: MessageStatus) -> World:
    """After a message has moved on from `was`: does its verification live longer, or as long as it may again?"""
    sent = world.messages[message_id]
    found = world.verifications[sent.verification]
    if found.status is not VerificationStatus.PENDING or found.expires_at <= now:
        return world
    limit = found.created_at + LONGEST_LIFE
    if sent.status is MessageStatus.MODERATION and was is not MessageStatus.MODERATION:
        expires_at = limit
    elif was is MessageStatus.MODERATION and not in_moderation(world, found):
        expires_at = min(now + sent.life, limit)
    else:
        return world
    newest = world.messages[found.message_id]
    if newest.before is not None:
        newest = replace(newest, before=(expires_at, newest.before[1]))
    return replace(
        put(world, replace(found, expires_at=expires_at)), messages={**world.messages, found.message_id: newest}
    )


def in_moderation(world: World, found: Verification) -> bool:
    return any(
        each.status is MessageStatus.MODERATION for each in world.messages.values() if each.verification == found.id
    )
