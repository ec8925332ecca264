"""Russian mobile numbers, never the same twice, scattered over the range as people's are."""

from collections.abc import Iterator

RANGE = 10**8
#: Has no factor in common with the range, so that every number comes once; large, so that neighbours are apart.
STRIDE = 38_742_049


def phone(position: int) -> str:
    """Digits with the country code: 791, where the numbering plan has no gap, and eight more."""
    return f"791{position * STRIDE % RANGE:08d}"


def phones() -> Iterator[str]:
    return map(phone, range(RANGE))


def wrong(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"
