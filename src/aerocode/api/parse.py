"""Bytes to a body, and pydantic's findings to our faults in the shape Logto's clients read."""

from collections.abc import Mapping
from typing import Any
from typing import TypeVar

import pydantic_core
from pydantic import BaseModel
from pydantic import ValidationError

from aerocode.errors import Fault
from aerocode.errors import InvalidInput

Body = TypeVar("Body", bound=BaseModel)

_KINDS = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}

_UNKNOWN = "extra_forbidden"
_SIZES = {
    "string_too_short": ("too_small", "minimum", "at least"),
    "too_short": ("too_small", "minimum", "at least"),
    "string_too_long": ("too_big", "maximum", "at most"),
    "too_long": ("too_big", "maximum", "at most"),
}

_BOUNDS = {
    "greater_than_equal": ("too_small", "minimum", "ge", "at least"),
    "less_than_equal": ("too_big", "maximum", "le", "at most"),
}

#: What was expected, for each way pydantic says that something is of the wrong kind.
_EXPECTED = {
    "string_type": "string",
    "string_unicode": "string",
    "int_type": "number",
    "float_type": "number",
    "bool_type": "boolean",
    "list_type": "array",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "datetime_type": "string",
    "is_instance_of": "string",
}


def parse(raw: bytes, model: type[Body]) -> Body:
    """Raises InvalidInput with every fault and its path. An empty body counts as an empty object."""
    try:
        value = pydantic_core.from_json(raw, allow_inf_nan=False) if raw.strip() else {}
    except ValueError as cause:
        fault = Fault((), "invalid_json", f"The body is not JSON in UTF-8: {cause}.")
        raise InvalidInput([fault]) from cause
    try:
        return model.model_validate(value)
    except ValidationError as cause:
        found = cause.errors(include_url=False)
        unknown = [tuple(error["loc"]) for error in found if error["type"] == _UNKNOWN]
        told = [_fault(error, model) for error in found if error["type"] != _UNKNOWN]
        raise InvalidInput([*told, *_unrecognized(unknown)]) from cause


def _fault(error: Any, model: type[BaseModel]) -> Fault:
    path, kind, context = tuple(error["loc"]), error["type"], error.get("ctx", {})
    if kind == "missing":
        return _wrong_type(path, _kind_wanted(path, model), "undefined")
    if kind == "enum" and not isinstance(error["input"], str):
        return _wrong_type(path, "string", _kind(error["input"]))
    if kind in _EXPECTED:
        broken = kind == "int_type" and isinstance(error["input"], float)
        expected, received = ("integer", "float") if broken else (_EXPECTED[kind], _kind(error["input"]))
        return _wrong_type(path, expected, received)
    if kind in _SIZES:
        return _size(path, kind, context)
    if kind in _BOUNDS:
        return _bound(path, kind, context)
    return _not_as_written(path, kind, error)


def _not_as_written(path: tuple[str | int, ...], kind: str, error: Any) -> Fault:
    if kind == "enum":
        options = [word.strip(" '") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        message = f"Write one of {', '.join(options)}."
        return Fault(path, "invalid_enum_value", message, {"received": error["input"], "options": options})
    if kind == "string_pattern_mismatch":
        return Fault(path, "invalid_string", "This is not written as expected.", {"validation": "regex"})
    if kind.startswith("datetime"):
        message = "Write a time as in 2030-01-31T12:00:00Z."
        return Fault(path, "invalid_string", message, {"validation": "datetime"})
    said = error.get("ctx", {}).get("error", error["msg"])
    return Fault(path, "custom", f"{str(said)[:1].upper()}{str(said)[1:]}.")


def _unrecognized(paths: list[tuple[str | int, ...]]) -> list[Fault]:
    """One fault for each object, with all its unknown keys, as Logto's clients read it."""
    keys: dict[tuple[str | int, ...], list[str]] = {}
    for path in paths:
        keys.setdefault(path[:-1], []).append(str(path[-1]))
    return [
        Fault(path, "unrecognized_keys", f"Not a field of this route: {', '.join(names)}.", {"keys": names})
        for path, names in keys.items()
    ]


def _wrong_type(path: tuple[str | int, ...], expected: str, received: str) -> Fault:
    message = "Required." if received == "undefined" else f"Expected {expected}, received {received}."
    return Fault(path, "invalid_type", message, {"expected": expected, "received": received})


def _size(path: tuple[str | int, ...], kind: str, context: Any) -> Fault:
    code, bound, word = _SIZES[kind]
    limit = context["min_length" if bound == "minimum" else "max_length"]
    what, unit = ("string", "characters") if kind.startswith("string") else ("array", "items")
    detail = {bound: limit, "type": what, "inclusive": True, "exact": False}
    return Fault(path, code, f"Give {word} {limit} {unit[:-1] if limit == 1 else unit}.", detail)


def _bound(path: tuple[str | int, ...], kind: str, context: Any) -> Fault:
    code, bound, name, word = _BOUNDS[kind]
    detail = {bound: context[name], "type": "number", "inclusive": True, "exact": False}
    return Fault(path, code, f"Write {word} {context[name]:.15g}.", detail)


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), "object")


def _kind_wanted(path: tuple[str | int, ...], model: type[BaseModel]) -> str:
    """The JSON kind of a field that is missing, from the schema that documents it."""
    whole: Mapping[str, Any] = model.model_json_schema()
    field = whole
    for step in path:
        inside = field["items"] if isinstance(step, int) else field["properties"][step]
        field = _resolved(inside, whole)
    wanted: str = field.get("type", "string")
    return "number" if wanted == "integer" else wanted


def _resolved(field: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    for one in field.get("anyOf", ()):
        if one.get("type") != "null":
            return _resolved(one, whole)
    if "$ref" in field:
        found: Mapping[str, Any] = whole["$defs"][field["$ref"].rsplit("/", 1)[1]]
        return found
    return field
