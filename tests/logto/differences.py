"""Where our connector does something better than Logto's: each difference by name, and when it is one.

`explained` takes what both did with one case and gives the names of the differences; anything else it can't account for
is an AssertionError.
"""

import json
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from recorder import GOOD

from aerocode.connectors import templates
from aerocode.connectors.masking import MASK
from aerocode.model.message import Accepted
from aerocode.model.message import Refused

#: What an object, array or text of JavaScript has without being given it.
INTERNALS = frozenset({"toString", "constructor", "__proto__", "hasOwnProperty", "valueOf", "map", "at"})
OWN_WORDS = frozenset({"expiresIn", "appName"})
FOLLOWED = frozenset({300, 301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Answer:
    """Of the gate. `reset` ends the connection instead."""

    status: int = 200
    body: bytes = b""
    location: bool = False
    reset: bool = False

    @property
    def envelope(self):
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) and isinstance(value.get("success"), bool) else None


@dataclass(frozen=True)
class Case:
    """What both are asked: `to` is the phone as it was written, `code` and `locale` go beside the payload."""

    config: Any
    usage: str
    payload: dict
    code: str = "482913"
    locale: str = ""
    to: str = "79123456789"
    answer: Answer = field(default_factory=Answer)

    @property
    def whole_payload(self):
        return {**self.payload, "code": self.code, **({"locale": self.locale} if self.locale else {})}


@dataclass(frozen=True)
class Did:
    """`issues` is None for a config that was taken; `asked` is what the gate was asked."""

    issues: list | None = None
    template: bool = True
    asked: list = field(default_factory=list)
    outcome: Any = None


def explained(case, ours, theirs):
    found = _of_config(case, ours.issues or [], theirs.issues or [])
    if ours.issues:  # nothing leaves here; there it does, if the guard is content
        return found
    assert not theirs.issues
    found |= _of_text(case, ours, theirs)
    if ours.template and theirs.template:
        found |= _of_outcome(case.answer, ours.outcome, theirs.outcome)
    return found


def _of_config(case, ours, theirs):
    found, left = set(), []
    for issue in ours:
        name = _only_ours(case.config, issue)
        found |= {name} if name else set()
        left += [] if name else [issue]
    assert _comparable(left) == _comparable(theirs)
    return found


def _only_ours(config, issue):
    """The name of a fault that Logto's guard does not know."""
    path, value = issue["path"], config
    for step in path:
        value = value[step] if not isinstance(value, dict) or step in value else None
    if issue["code"] == "too_small" and isinstance(value, str) and not value.strip():
        return "an empty text is a fault"
    if issue["code"] != "custom" or not isinstance(value, str):
        return ""
    if path == ["apiKey"] and value == MASK:
        return "the mask is no key"
    return "a text without the code is a fault" if "code" not in templates.tokens(value) else ""


def _comparable(issues):
    named = ("code", "path", "expected", "received", "validation")
    said = [{name: issue[name] for name in named if name in issue} for issue in issues]
    for short, issue in zip(said, issues, strict=True):
        if short["code"] in ("custom", "invalid_string"):
            short["message"] = issue["message"]
    return sorted(said, key=json.dumps)


def _of_text(case, ours, theirs):
    found = set()
    if not theirs.template:
        assert ours.template
        found.add("a usage type without a template is sent the generic one")
    if case.to != _digits(ours):
        assert theirs.asked == [] or _sent(theirs)["number"] == case.to
        found.add("digits alone reach the gate")
    if theirs.template and _sent(ours)["text"] != _sent(theirs)["text"]:
        found |= _of_template(case)
        assert found, (ours.asked, theirs.asked)
    if theirs.template:
        assert _sent(ours)["sign"] == _sent(theirs)["sign"]
        assert _header(ours, "authorization") == _header(theirs, "authorization")
        assert (1, ["POST", "/v2/sms/send"]) == (len(ours.asked), [theirs.asked[0].method, theirs.asked[0].path])
    return found


def _of_template(case):
    """Why two texts may differ; `neutral` takes these reasons away, and then they must be equal."""
    found = set()
    if any("locale" in one for one in case.config["templates"]):
        found.add("a template may be for a language")
    for token in {token for one in case.config["templates"] for token in templates.tokens(one["content"])}:
        found |= _of_token(token, case.whole_payload)
    return found


def _of_token(token, payload):
    root, *inner = token.split(".")
    if root in OWN_WORDS:
        return {"the lifetime and the product can stand in a text"}
    if INTERNALS & {root, *inner}:
        return {"language internals are out of reach"}
    value = templates._reached(payload.get(root), inner)
    return {"an object is printed as JSON"} if isinstance(value, dict | list) else set()


def neutral(case):
    """The same case without anything that our connector treats in a way of its own."""
    kept = [one for one in case.config["templates"] if "locale" not in one]
    cleaned = [{**one, "content": _without_own(one["content"], case.whole_payload)} for one in kept]
    usage = case.usage if any(one["usageType"] == case.usage for one in kept) else "Generic"
    return Case(
        config={**case.config, "templates": cleaned},
        usage=usage,
        payload=case.payload,
        code=case.code,
        locale=case.locale,
        answer=case.answer,
    )


def _without_own(content, payload):
    return templates._TOKEN.sub(lambda token: "" if _of_token(token[1], payload) else token[0], content)


def _sent(did):
    return json.loads(did.asked[0].body)


def _header(did, name):
    return {key.lower(): value for key, value in did.asked[0].headers.items()}[name]


def _digits(did):
    return _sent(did)["number"]


def _of_outcome(answer, ours, theirs):
    followed = answer.status in FOLLOWED and answer.location
    if answer.reset:
        assert "other" in theirs["error"]
        assert ("Unknown", "reset") == (type(ours).__name__, ours.reason)
        return {"a broken connection is an outcome, not a crash"}
    if answer.status // 100 == 2 or answer.status == 304 or followed:
        assert {"sent": True} == theirs
        return _of_success(answer, ours, followed=followed)
    assert {"connector": "general", "data": {"message": _text(answer)}} == theirs["error"]
    return _of_failure(answer, ours)


def _of_success(answer, ours, *, followed):
    if isinstance(ours, Accepted):
        assert answer.envelope["success"]
        return set()
    if isinstance(ours, Refused):
        assert (False, 2) == (answer.envelope["success"], answer.status // 100)
        return {"success false is a refusal"}
    if followed:
        assert ours.reason == "redirect"
        return {"no redirect is followed"}
    assert answer.body != GOOD or answer.status in (204, 304)
    assert ours.reason == ("redirect" if answer.status == 304 else "not_json")
    return {"not modified is no success" if answer.status == 304 else "an answer that can't be read is unknown"}


def _of_failure(answer, ours):
    if answer.status // 100 == 4 and answer.envelope:
        assert isinstance(ours, Refused)
        return {"a refusal has a kind"}
    assert type(ours).__name__ == "Unknown"
    if answer.status >= 500:
        assert ours.reason == "server_error"
        return {"after a fault of the gate nobody knows what left"}
    assert ours.reason == ("redirect" if answer.status // 100 == 3 else "not_json")
    return {"without an envelope nobody knows what left"}


def _text(answer):
    return answer.body.decode("utf-8", "replace")


#: Differences that a text shows, and that a case can be freed of.
OF_TEXT = frozenset(
    {
        "a usage type without a template is sent the generic one",
        "a template may be for a language",
        "the lifetime and the product can stand in a text",
        "language internals are out of reach",
        "an object is printed as JSON",
    }
)

#: What the run of the oracle has to say at its end.
TOLD: list[str] = []

#: Every name there is.
ALL = frozenset(
    {
        "an empty text is a fault",
        "the mask is no key",
        "a text without the code is a fault",
        "a usage type without a template is sent the generic one",
        "digits alone reach the gate",
        "a template may be for a language",
        "the lifetime and the product can stand in a text",
        "language internals are out of reach",
        "an object is printed as JSON",
        "a broken connection is an outcome, not a crash",
        "success false is a refusal",
        "no redirect is followed",
        "not modified is no success",
        "an answer that can't be read is unknown",
        "a refusal has a kind",
        "after a fault of the gate nobody knows what left",
        "without an envelope nobody knows what left",
    }
)
