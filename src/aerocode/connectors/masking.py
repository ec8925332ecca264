"""What of a config may be shown, what of it is kept when the shown form comes back, and what is dropped on saving."""

from collections.abc import Mapping
from typing import Any

#: Stands for the API key wherever a config is shown. As a key it is a fault, so it can't be saved by accident.
MASK = "••••••••"

_SECRET = "apiKey"  # noqa: S105 - the name of the field, not a key
_KNOWN = frozenset({"email", _SECRET, "senderName", "templates"})
_KNOWN_IN_TEMPLATE = frozenset({"usageType", "content"})


def masked(config: Mapping[str, Any]) -> dict[str, Any]:
    """The config as people may see it."""
    return {**config, _SECRET: MASK} if _SECRET in config else dict(config)


def with_secret_kept(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """`new` with the saved API key where it was left out or is still the mask; with another e-mail it stays faulty.

    A key belongs to its account. Were it kept under another e-mail, someone who may write configs but not read keys
    could pair it with an address of their choice.
    """
    untouched = _SECRET not in new or new[_SECRET] == MASK
    if untouched and _SECRET in old and new.get("email") == old.get("email"):
        return {**new, _SECRET: old[_SECRET]}
    return dict(new)


def clean(config: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is empty (`""`, null, `[]`, `{}`) from keys we do not know, at any depth, as Logto does on saving.

    Known fields are left alone: one that may not be empty is a fault, never a field that vanishes.
    """
    kept = {key: config[key] for key in config.keys() & _KNOWN}
    rest = _swept({key: value for key, value in config.items() if key not in _KNOWN})
    if isinstance(kept.get("templates"), list):
        kept["templates"] = [_clean_template(item) for item in kept["templates"]]
    return {key: kept[key] if key in kept else rest[key] for key in config if key in kept or key in rest}


def _clean_template(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    swept = _swept({key: value for key, value in item.items() if key not in _KNOWN_IN_TEMPLATE})
    return {
        key: value if key in _KNOWN_IN_TEMPLATE else swept[key]
        for key, value in item.items()
        if key in _KNOWN_IN_TEMPLATE or key in swept
    }


def _swept(value: Any) -> Any:
    if isinstance(value, Mapping):
        children = ((key, _swept(child)) for key, child in value.items())
        return {key: child for key, child in children if not _empty(child)}
    if isinstance(value, list | tuple):
        return [child for child in map(_swept, value) if not _empty(child)]
    return value


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)
