"""The body that changes limits. What is left out stays as it is, inside an object too.

Its bounds are those of `[limits]` in aerocode.toml as well.
"""

from typing import Annotated

import phonenumbers
from pydantic import AfterValidator
from pydantic import Field
from pydantic import StringConstraints

from aerocode.api.bodies import OptionalReason
from aerocode.api.bodies import OwnBody
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Mode


def _country(code: str) -> str:
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{code} is not an ISO code of a country with phone numbers")
    return code


def _something(roubles: str) -> str:
    if not roubles.strip("0."):
        raise ValueError("write more than 0, or null for no budget")
    return roubles


#: Seconds. What the store keeps of a ladder it keeps for a day.
Wait = Annotated[float, Field(ge=0, le=86_400)]
Steps = Annotated[list[Wait], Field(min_length=1, max_length=20)]
Most = Annotated[int, Field(ge=1, le=1_000_000)]
MostOfVerification = Annotated[int, Field(ge=1, le=100)]
MostTests = Annotated[int, Field(ge=1, le=1000)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_country)]
Roubles = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$"), AfterValidator(_something)]
WrittenMode = Annotated[Mode, Field(strict=False)]
WrittenRule = Annotated[CountryRule, Field(strict=False)]


class LadderBody(OwnBody):
    steps: Steps = Field(default=[], description="Seconds after the first, second, … send; the last repeats.")
    memory: Wait = Field(default=0, description="Seconds without a send after which the steps are forgotten.")
    mode: WrittenMode = Mode.ENFORCE


class SendsPerVerificationBody(OwnBody):
    most: MostOfVerification = 1
    mode: WrittenMode = Mode.ENFORCE


class CapBody(OwnBody):
    most: Most | None = Field(default=None, description="null counts nothing.")
    mode: WrittenMode = Mode.ENFORCE


_LADDER, _SENDS, _CAP = LadderBody(), SendsPerVerificationBody(), CapBody()


class LimitsBody(OwnBody):
    ladder: LadderBody = _LADDER
    sends_per_verification: SendsPerVerificationBody = _SENDS
    sends_per_phone_hour: CapBody = _CAP
    sends_per_phone_day: CapBody = _CAP
    starts_per_ip_hour: CapBody = _CAP
    sends_per_block_hour: CapBody = Field(default=_CAP, description="For the first seven digits of a phone.")
    sends_per_application_day: CapBody = _CAP
    tests_per_caller_minute: MostTests = 1
    tests_per_phone_hour: MostTests = 1
    daily_budget: Roubles | None = Field(default=None, description="Roubles, as in 1500.50; null for none.")
    countries: dict[Country, WrittenRule] = Field(default={}, description="allow takes a country's rule away.")
    reason: OptionalReason = Field(default="", description="Kept in the audit.")
