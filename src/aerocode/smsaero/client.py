"""SMS Aero for callers: one method per provider method, typed results, errors from `errors`."""

from typing import TypeVar

from aerocode.smsaero import endpoints
from aerocode.smsaero.model import Balance
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.model import SentSms
from aerocode.smsaero.transport import Transport
from aerocode.smsaero.wire import Request

T = TypeVar("T")


class SmsAero:
    """An account at SMS Aero. Cheap to build: make one per set of credentials and share the transport.

    Every method raises `SmsAeroError` in one of its kinds. After a send whose error is `uncertain` the SMS may arrive;
    nothing here repeats it, and a caller must not either.
    """

    def __init__(self, credentials: Credentials, *, transport: Transport) -> None:
        self.credentials = credentials
        self.transport = transport

    async def auth(self) -> None:
        """Return when the e-mail and the key are good, else raise."""
        await self.perform(endpoints.auth())

    async def balance(self) -> Balance:
        return await self.perform(endpoints.balance())

    async def send(self, *, number: str, sign: str, text: str) -> SentSms:
        """Hand one SMS to the gate. `number` is digits with the country code.

        Accepted does not mean accepted by the operator: look at `status`, which may be REJECT at once.
        """
        return await self.perform(endpoints.sms_send(number=number, sign=sign, text=text))

    async def test_send(self, *, number: str, sign: str, text: str) -> SentSms:
        """As `send` in the provider's test mode: nobody gets it, nothing is charged."""
        return await self.perform(endpoints.sms_test_send(number=number, sign=sign, text=text))

    async def status(self, id: int) -> SentSms:  # noqa: A002 - the provider's word
        return await self.perform(endpoints.sms_status(id))

    async def test_status(self, id: int) -> SentSms:  # noqa: A002 - the provider's word
        return await self.perform(endpoints.sms_test_status(id))

    async def perform(self, request: Request[T]) -> T:
        """Perform any request made by a function of `endpoints`."""
        return await self.transport.perform(request, self.credentials)
