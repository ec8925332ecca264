"""Who can be measured, by the name the flag takes."""

from collections.abc import Callable
from collections.abc import Mapping

from benchmarks.adapter import Adapter
from benchmarks.peers.bare import Bare
from benchmarks.peers.bare import BareTwice
from benchmarks.peers.better_auth import BetterAuth
from benchmarks.peers.better_auth import BetterAuthConsume
from benchmarks.peers.django import DjangoAllauth
from benchmarks.peers.django import DjangoPhoneVerify

PEERS: Mapping[str, Callable[[], Adapter]] = {
    "bare": Bare,
    "bare2": BareTwice,
    "better-auth": BetterAuth,
    "better-auth-consume": BetterAuthConsume,
    "django-phone-verify": DjangoPhoneVerify,
    "django-allauth": DjangoAllauth,
}
