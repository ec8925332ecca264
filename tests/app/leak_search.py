"""Looks for a secret in bytes, whatever it is dressed as: text, hex, base64, URL-encoded, escaped, UTF-16."""

import base64
from pathlib import Path


def disguises(secret):
    """Every form of the secret that is searched for, by its name."""
    raw = secret.encode()
    forms = {
        "text": raw,
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "url": b"".join(b"%%%02X" % byte for byte in raw),
        "json": b"".join(b"\\u%04x" % byte for byte in raw),
        "utf-16": secret.encode("utf-16-le"),
        "utf-16 be": secret.encode("utf-16-be"),
        "reversed": raw[::-1],
    }
    for before in range(3):
        shifted = b"\0" * before + raw
        # Only the characters that the secret alone decides, whatever stands before and after it.
        first, end = -(-8 * before // 6), 8 * len(shifted) // 6
        forms[f"base64 +{before}"] = base64.b64encode(shifted)[first:end]
        forms[f"base64url +{before}"] = base64.urlsafe_b64encode(shifted)[first:end]
    return forms


def found(secrets, places):
    """(place, secret, disguise) for every occurrence; `places` maps names to bytes."""
    return [
        (place, secret, name)
        for secret in secrets
        for name, form in disguises(secret).items()
        for place, content in places.items()
        if form in content
    ]


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
