"""The site map for machines (OpenAPI 3.1) and for people, both from the one route table."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from inspect import cleandoc
from typing import Any

from jinja2 import Environment
from jinja2 import PackageLoader

from aerocode import __version__
from aerocode.api.exchange import Route
from aerocode.errors import AerocodeError
from aerocode.errors import CannotStart
from aerocode.errors import ConnectorError
from aerocode.errors import InUse

_PARAMETER = re.compile(r"{(\w+)}")

#: Parents that stand for their children, and what ends a process rather than a request.
_NEVER_ANSWERED = frozenset({AerocodeError, ConnectorError, CannotStart, InUse})

_PROBLEM = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; what programs compare."},
        "message": {"type": "string"},
        "data": {"type": "object"},
        "details": {"type": "string"},
        "requestId": {"type": "string"},
    },
}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aerocode",
            "version": __version__,
            "description": "Phone numbers verified with codes sent through SMS Aero.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}},
        },
    }


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[str, Any] = {str(route.status): {"description": "Done."}}
    if route.status == 201:
        responses["200"] = {"description": "Done before; done again."}
    for refusal in route.refusals:
        status, _, code = refusal.partition(" ")
        known = responses.get(status, {}).get("description")
        responses[status] = {"description": f"{known}, {code}" if known else code, "content": problem}
    responses["default"] = {"description": "Any other refusal.", "content": problem}
    operation: dict[str, Any] = {"summary": route.summary, "responses": responses}
    operation["operationId"] = re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_")
    parameters = _parameters(route)
    if parameters:
        operation["parameters"] = parameters
    if route.access is not None:
        owner = " of application `default`" if route.access.installation else ""
        operation["security"] = [{"key": []}]
        operation["description"] = f"Scope `{route.access.scope}`{owner}."
    if route.body is not None:
        schema = route.body.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(schema.pop("$defs", {}))
        schemas[route.body.__name__] = schema
        content = {"schema": {"$ref": f"#/components/schemas/{route.body.__name__}"}}
        operation["requestBody"] = {"required": bool(schema.get("required")), "content": {"application/json": content}}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    text = {"type": "string"}
    path = [{"name": name, "in": "path", "required": True, "schema": text} for name in _PARAMETER.findall(route.path)]
    others = [("header", one) for one in route.headers] + [("query", one) for one in route.query]
    return path + [
        {
            "name": one.name,
            "in": where,
            "description": one.description,
            "schema": text if one.pattern is None else {**text, "pattern": one.pattern},
        }
        for where, one in others
    ]


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("aerocode.api"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def page(routes: Sequence[Route]) -> tuple[str, str]:
    """The page, and the Content-Security-Policy it needs: nothing from another host, no script, this one style."""
    operations = _described(routes)
    text = (
        _templates().get_template("docs.html").render(operations=operations, glossary=_glossary(), version=__version__)
    )
    style = text[text.index("<style>") + len("<style>") : text.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return text, policy


@cache
def _glossary() -> dict[str, list[str]]:
    """The sentences of each code, from the tree itself."""
    found: dict[str, list[str]] = {}
    kinds: list[type[AerocodeError]] = [AerocodeError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
        if kind not in _NEVER_ANSWERED:
            found.setdefault(kind.code, []).append(cleandoc(kind.__doc__ or ""))
    return dict(sorted(found.items()))


def _described(routes: Sequence[Route]) -> list[dict[str, Any]]:
    whole = document(routes)
    schemas = whole["components"]["schemas"]
    described = []
    for route in routes:
        fields = []
        if route.body is not None:
            schema = schemas[route.body.__name__]
            required = schema.get("required", [])
            fields = [
                {"name": name, "required": name in required, "kind": _kind(field, schemas), **_notes(field)}
                for name, field in schema["properties"].items()
            ]
        described.append(
            {"route": route, "fields": fields, "refusals": [said.split(" ", 1) for said in route.refusals]}
        )
    return described


def _kind(field: dict[str, Any], schemas: dict[str, Any]) -> str:
    if "$ref" in field:
        field = schemas[field["$ref"].rsplit("/", 1)[1]]
    if "enum" in field:
        return " | ".join(field["enum"])
    if "anyOf" in field:
        return " | ".join(_kind(one, schemas) for one in field["anyOf"])
    return str(field.get("type", "any"))


def _notes(field: dict[str, Any]) -> dict[str, Any]:
    return {"description": field.get("description", ""), "default": field.get("default")}
