"""Refusals of the connector and of the gate behind it. Codes begin with "connector.", as Logto's do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from aerocode.errors.tree import AerocodeError
from aerocode.errors.tree import Fault


class ConnectorError(AerocodeError):
    """The connector could not do that."""

    code = "connector.general"

    def about(self, message_id: str, detail: str = "") -> Self:
        """Name the message it happened to; `detail` is the gate's own words, for the operator alone."""
        self.data["messageId"] = message_id
        if detail:
            self.data["message"] = detail
        return self


class NoConnector(ConnectorError):
    """No SMS connector is set up."""

    code = "connector.not_found"

    def __init__(self) -> None:
        super().__init__(data={"type": "Sms"})


class UnknownFactory(ConnectorError):
    """There is no connector factory with that id."""

    code = "connector.not_found_with_connector_id"


class UnknownTestFactory(ConnectorError):
    """There is no connector factory to test with that id."""

    code = "connector.not_found"


class WrongConnectorType(ConnectorError):
    """This connector sends SMS: give a phone."""

    code = "connector.unexpected_type"


class MetadataFixed(ConnectorError):
    """The metadata of this connector cannot be overwritten."""

    code = "connector.cannot_overwrite_metadata_for_non_standard_connector"


class ProfileSyncUnsupported(ConnectorError):
    """An SMS connector has no profile to sync."""

    code = "connector.invalid_type_for_syncing_profile"


class TokenStorageUnsupported(AerocodeError):
    """An SMS connector stores no tokens."""

    code = "request.feature_not_supported"


class InvalidConfig(ConnectorError):
    """The connector's config has faults."""

    code = "connector.invalid_config"

    def __init__(self, faults: Sequence[Fault] = (), message: str = "") -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class TemplateNotFound(ConnectorError):
    """The connector has no template for this usage type."""

    code = "connector.template_not_found"


class WrongCredentials(ConnectorError):
    """SMS Aero does not accept the account's e-mail and API key."""

    code = "connector.wrong_credentials"


class NotEnoughMoney(ConnectorError):
    """The SMS Aero account has no money left."""

    code = "connector.not_enough_money"


class DailyBudgetSpent(ConnectorError):
    """The day's budget for messages is spent."""

    code = "connector.daily_budget_spent"
    permanent = False

    def __init__(self, *, until: datetime, now: datetime) -> None:
        super().__init__()
        self.wait = max(1, -int((now - until).total_seconds() // 1))


class AddressNotAllowed(ConnectorError):
    """SMS Aero does not accept calls from this server's address."""

    code = "connector.ip_not_allowed"


class InvalidSender(ConnectorError):
    """SMS Aero does not accept the sender name."""

    code = "connector.invalid_sender"


class InvalidRecipient(ConnectorError):
    """SMS Aero does not accept the phone number."""

    code = "connector.invalid_number"


class GateRateLimited(ConnectorError):
    """SMS Aero takes no more messages right now."""

    code = "connector.rate_limit_exceeded"
    permanent = False

    def __init__(self, wait: int | None = None) -> None:
        super().__init__()
        self.wait = wait or 1


class GateUnreachable(ConnectorError):
    """SMS Aero could not be reached; nothing was sent."""

    code = "connector.unreachable"
    permanent = False


class GateRefused(ConnectorError):
    """SMS Aero refused the message."""

    code = "connector.refused"


class GateSilent(ConnectorError):
    """SMS Aero gave no usable answer; whether the message was sent is unknown."""

    code = "connector.unknown_outcome"
    permanent = False


class GateUnreadable(GateSilent):
    """SMS Aero's answer cannot be read; whether the message was sent is unknown."""

    code = "connector.invalid_response"


def refusal(reason: str, wait: int | None = None) -> ConnectorError:
    """The error to raise for a send that was certainly refused; `reason` is the error's code."""
    if reason == GateRateLimited.code:
        return GateRateLimited(wait)
    return _REFUSALS.get(reason, GateRefused)()


_REFUSALS: dict[str, type[ConnectorError]] = {
    error.code: error
    for error in (
        WrongCredentials,
        NotEnoughMoney,
        AddressNotAllowed,
        InvalidSender,
        InvalidRecipient,
        GateUnreachable,
        GateRefused,
        InvalidConfig,
        TemplateNotFound,
    )
}
