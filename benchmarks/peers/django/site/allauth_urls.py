from django.http import HttpResponse
from django.urls import include
from django.urls import path

urlpatterns = [
    path("health", lambda _request: HttpResponse()),
    path("_allauth/", include("allauth.headless.urls")),
]
