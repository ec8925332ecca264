"""States: how far a message has come, and what it may still become."""

import itertools

import pytest

from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus

#: From lowest to highest, equals together: the order the design gives.
LADDER = (
    {"created"},
    {"unknown"},
    {"accepted"},
    {"queued", "moderation"},
    {"sent"},
    {"delivered", "undelivered", "rejected", "failed"},
)
FINAL = LADDER[-1]
RANK = {status: rank for rank, names in enumerate(LADDER) for status in names}

PAIRS = list(itertools.product(MessageStatus, repeat=2))


def test_every_status_has_its_place():
    assert set(RANK) == {str(status) for status in MessageStatus}


@pytest.mark.parametrize("status", MessageStatus)
def test_a_status_has_the_rank_of_its_place(status):
    assert RANK[status] == status.rank


@pytest.mark.parametrize("status", MessageStatus)
def test_the_last_four_are_final(status):
    assert (str(status) in FINAL) is status.final


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=[f"{one} to {other}" for one, other in PAIRS])
def test_a_message_only_moves_forward(one, other):
    forward = str(one) not in FINAL and one is not other and RANK[other] >= RANK[one]
    assert forward is one.may_become(other)


def test_queued_and_moderation_may_follow_each_other():
    queued, moderation = MessageStatus.QUEUED, MessageStatus.MODERATION
    assert (True, True) == (queued.may_become(moderation), moderation.may_become(queued))


def test_the_states_of_a_verification_are_a_contract():
    assert ["pending", "approved", "canceled", "expired", "max_attempts_reached", "failed"] == list(VerificationStatus)


def test_the_usage_types_are_a_contract():
    assert [
        "Register",
        "SignIn",
        "ForgotPassword",
        "Generic",
        "OrganizationInvitation",
        "UserPermissionValidation",
        "BindNewIdentifier",
        "MfaVerification",
        "BindMfa",
    ] == list(UsageType)
