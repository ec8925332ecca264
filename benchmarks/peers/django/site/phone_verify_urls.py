from django.http import HttpResponse
from django.urls import path
from phone_verify.api import VerificationViewSet

urlpatterns = [
    path("health", lambda _request: HttpResponse()),
    path("api/phone/register", VerificationViewSet.as_view({"post": "register"})),
    path("api/phone/verify", VerificationViewSet.as_view({"post": "verify"})),
]
