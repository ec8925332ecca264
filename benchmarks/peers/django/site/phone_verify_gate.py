"""The backend that django-phone-verify sends through."""

from common import send
from phone_verify.backends.base import BaseBackend


class Gate(BaseBackend):
    def __init__(self, **options):
        super().__init__(**options)
        # The service logs what is of this class and answers as if it had sent: let nothing be of it.
        self.exception_class = ()

    def send_sms(self, number, message):
        send(number, message)

    def send_bulk_sms(self, numbers, message):
        for number in numbers:
            send(number, message)
