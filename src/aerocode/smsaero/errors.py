"""Why a call to SMS Aero did not end well: one tree, whose docstrings are the sentences an operator reads.

Two questions matter to a caller and each has its attribute: `uncertain` (may the request have been carried
out all the same?) and `permanent` (would the very same request fail again until a person changes something?).
No error here ever holds an API key, the text of an SMS or a whole phone number.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from typing import TypedDict
from typing import Unpack

MESSAGE_LIMIT = 300  # characters of the provider's words worth keeping


class Facts(TypedDict, total=False):
    """What any error may know about the reply it stands for."""

    http_status: int | None
    provider_message: str | None
    gate: str | None
    when: datetime | None
    path: str
    subject: str


class SmsAeroError(Exception):
    """The call to SMS Aero failed."""

    permanent: ClassVar[bool] = False
    """True: repeating the same request fails until somebody changes the account, the key or a field."""

    uncertain: ClassVar[bool] = False
    """True: the request left and nobody knows what became of it. A send must never be repeated then."""

    def __init__(self, detail: str = "", **facts: Unpack[Facts]) -> None:
        self.detail = detail
        self.http_status = facts.get("http_status")
        self.provider_message = facts.get("provider_message")
        """The provider's own words on one line, at most 300 characters, long runs of digits masked."""
        self.gate = facts.get("gate")
        """The base address that was asked; None when no single gate can be named."""
        self.when = facts.get("when")
        """When the request was handed to that gate, aware."""
        self.path = facts.get("path", "")
        """What was asked, such as `sms/send`."""
        self.subject = facts.get("subject", "")
        """Whom it was about: a masked number such as `7912*****67`, or an id."""
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        sentence = type(self).__doc__ or ""
        facts = [self.detail] if self.detail else []
        if self.http_status is not None:
            facts.append(f"HTTP {self.http_status}")
        if self.provider_message:
            facts.append(f"the provider says: {self.provider_message}")
        return f"{sentence.rstrip('.')} ({'; '.join(facts)})." if facts else sentence


class Refused(SmsAeroError):
    """SMS Aero refused the request."""

    permanent = True


class WrongCredentials(Refused):
    """SMS Aero refused the e-mail or the API key."""


class NotEnoughMoney(Refused):
    """The SMS Aero account has not enough money."""


class IpNotAllowed(Refused):
    """The SMS Aero account does not allow calls from this IP address."""


class InvalidField(Refused):
    """SMS Aero refused a field of the request."""

    def __init__(self, *, fields: Mapping[str, tuple[str, ...]], **facts: Unpack[Facts]) -> None:
        self.fields = dict(fields)
        """Field name (`number`, `sign`, `text`, ...) to the provider's codes, such as `incorrect`."""
        super().__init__(", ".join(f"{name}: {' '.join(codes)}" for name, codes in fields.items()), **facts)


class RateLimited(Refused):
    """SMS Aero asks to slow down."""

    permanent = False

    def __init__(self, *, wait: int | None = None, **facts: Unpack[Facts]) -> None:
        self.wait = wait
        """Seconds to wait, from Retry-After; None when the reply does not say."""
        super().__init__("" if wait is None else f"wait {wait} s", **facts)


class Rejected(Refused):
    """SMS Aero refused the request for a reason of its own."""


class Unreachable(SmsAeroError):
    """No SMS Aero gate could be reached, so the request certainly never left."""


class Unsettled(SmsAeroError):
    """The request left and SMS Aero gave no answer that settles it."""

    # To look up an unsettled send: list what the account sent (`messages`) to the number behind `subject`, and take
    # what was created from a minute before `when` on. An id that another send owns is not it.

    uncertain = True


class ProviderFault(Unsettled):
    """SMS Aero answered with a fault of its own, so the request may have been carried out or not."""


class Undecodable(Unsettled):
    """The answer is not one of SMS Aero's, so the request may have been carried out or not."""


class Uncertain(Unsettled):
    """The connection failed after the request left, so the request may have been carried out or not."""

    def __init__(self, detail: str = "", *, timed_out: bool = False, **facts: Unpack[Facts]) -> None:
        self.timed_out = timed_out
        """True: no whole answer came in time; False: the connection ended, or what came on it was not HTTP."""
        super().__init__(detail, **facts)
