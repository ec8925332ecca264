from allauth.account.adapter import DefaultAccountAdapter
from common import send

from people.models import Phone


class Adapter(DefaultAccountAdapter):
    def set_phone(self, user, phone, verified):
        Phone.objects.update_or_create(user=user, defaults={"number": phone, "verified": verified})

    def get_phone(self, user):
        found = Phone.objects.filter(user=user).first()
        return (found.number, found.verified) if found else None

    def set_phone_verified(self, user, phone):
        Phone.objects.filter(user=user, number=phone).update(verified=True)

    def get_user_by_phone(self, phone):
        found = Phone.objects.select_related("user").filter(number=phone).first()
        return found.user if found else None

    def send_verification_code_sms(self, user, phone, code, **_):  # noqa: ARG002 - its name is allauth's
        send(phone, code)
