"""Makes a user for each phone on standard input: python -m people.fill"""

import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django must be set up first

from people.models import Phone  # noqa: E402

numbers = sys.stdin.read().split()
users = get_user_model().objects.bulk_create(
    [get_user_model()(username=number, password="!nobody-signs-in-by-password") for number in numbers]
)
Phone.objects.bulk_create(
    [Phone(number=number, user=user, verified=True) for number, user in zip(numbers, users, strict=True)]
)
