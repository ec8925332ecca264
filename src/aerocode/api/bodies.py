"""The bodies our routes take, field by field. Each is frozen and strict: a number is not a string.

Our own routes refuse fields they do not know, so that a misspelt one is not silently without effect; Logto's do not.
"""

import math
from datetime import datetime
from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic.alias_generators import to_camel

from aerocode.model.application import Scope
from aerocode.model.lists import Kind
from aerocode.model.lists import Verdict
from aerocode.model.states import UsageType

# Long enough for any human form; what is not a phone in it is told apart by `phone.Countries`.
PhoneText = Annotated[str, StringConstraints(min_length=1, max_length=64)]
CodeText = Annotated[str, StringConstraints(min_length=1, max_length=64)]
# Controls have no place in what is stored and logged, nor what is unseen or turns text around in a name people read.
_NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
_ALL_SEEN = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$"

Session = Annotated[str, StringConstraints(max_length=128, pattern=_NO_CONTROLS)]
Locale = Annotated[str, StringConstraints(max_length=35, pattern=r"^([A-Za-z0-9]+([-_][A-Za-z0-9]+)*)?$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True, pattern=_ALL_SEEN)]
ApplicationId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NO_CONTROLS)]
MetadataValue = Annotated[str, StringConstraints(max_length=256, pattern=r"^[^\x00]*$")]
Metadata = Annotated[dict[MetadataKey, MetadataValue], Field(max_length=20)]
# It stands in an address.
ConnectorId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\w.~-]*$")]


def _finite(value: Any) -> Any:
    """JSON can write 1e999, and no file could be read again that held it."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number here is too large")
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _finite(child)
    return value


Json = Annotated[dict[str, Any], AfterValidator(_finite)]


DeviceToken = Annotated[str, StringConstraints(max_length=128)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=_NO_CONTROLS)]


ListValue = Annotated[str, StringConstraints(min_length=1, max_length=64)]
FixedCodeText = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,10}$")]
IpText = Annotated[str, StringConstraints(max_length=64)]
OptionalReason = Annotated[str, StringConstraints(max_length=256, pattern=_NO_CONTROLS)]
Moment = Annotated[datetime, Field(strict=False)]


class OwnBody(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", alias_generator=to_camel)


class LogtoBody(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", alias_generator=to_camel)


class StartBody(OwnBody):
    phone: PhoneText = Field(description="In any form a person writes it.")
    usage_type: UsageType = Field(UsageType.GENERIC, strict=False)
    session: Session = Field("", description="Tells apart two people who start for the same phone.")
    locale: Locale = Field("", description="Language tag that chooses among templates.")
    device_token: DeviceToken = Field("", description="From an earlier approval of this phone on this device.")
    ip: IpText = Field("", description="Your visitor's address: starts are counted for its /32 or /64.")
    payload: dict[str, str] = Field(
        default_factory=dict, description="At most 10 values of 40 characters for the template; no links."
    )
    metadata: Metadata = Field(
        default_factory=dict, description="Yours: kept with the verification and returned, never sent."
    )


class CheckBody(OwnBody):
    code: CodeText
    session: Session = ""


class CheckByPhoneBody(OwnBody):
    phone: PhoneText
    usage_type: UsageType = Field(UsageType.GENERIC, strict=False)
    code: CodeText
    session: Session = ""
    device_token: DeviceToken = Field("", description="The one the start carried, if it did.")


class SessionBody(OwnBody):
    session: Session = ""


class SendCodeBody(LogtoBody):
    phone: PhoneText


class VerifyCodeBody(LogtoBody):
    phone: PhoneText
    verification_code: Annotated[str, StringConstraints(min_length=1)]


class ConnectorBody(LogtoBody):
    connector_id: str
    config: Json = Field({})
    metadata: Json = Field({})
    id: ConnectorId | None = None
    sync_profile: bool = False
    enable_token_storage: bool = False


class ConnectorChangeBody(LogtoBody):
    config: Json | None = None
    metadata: Json | None = None
    sync_profile: bool | None = None
    enable_token_storage: bool | None = None


class ConnectorTestBody(LogtoBody):
    phone: PhoneText | None = None
    email: str | None = None
    config: Json
    locale: Locale = ""


class ConnectorCheckBody(LogtoBody):
    config: Json


class RestoreBody(OwnBody):
    version: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        None, description="One of /api/connector-versions; without it the last."
    )


class ApplicationBody(OwnBody):
    id: ApplicationId
    product: Name = Field(description="The name people read in a message, {{appName}}.")


class ApplicationChangeBody(OwnBody):
    product: Name


class KeyBody(OwnBody):
    name: Name
    scopes: list[Annotated[Scope, Field(strict=False)]] = Field(min_length=1)
    expires_at: Moment | None = None


class BackupBody(OwnBody):
    path: str


class EraseBody(OwnBody):
    phone: PhoneText
    reason: Reason


class ListEntryBody(OwnBody):
    verdict: Verdict = Field(strict=False, description="What is done about it; the most specific entry decides.")
    kind: Kind = Field(strict=False)
    value: ListValue = Field(description="A phone, the beginning of phones such as +7900, or a network such as ::/32.")
    reason: Reason
    expires_at: Moment | None = None


class TestNumberBody(OwnBody):
    phone: PhoneText
    code: FixedCodeText = Field(description="The code that is always right for it.")
    expires_at: Moment | None = Field(None, description="At most 30 days from now; only a sandbox may do without.")
    reason: OptionalReason = ""


class UnlockBody(OwnBody):
    phone: PhoneText
    application: ApplicationId | None = Field(None, description="Without it, for every application.")
    reason: Reason


class SentinelBody(LogtoBody):
    target_type: Literal["User"]
    targets: list[PhoneText] = Field(min_length=1, max_length=100)
