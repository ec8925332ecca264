"""Our connector beside Logto's own: the same configs, payloads and gate answers, and no difference unexplained."""

import asyncio
import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from app_words import CONFIG
from differences import ALL
from differences import INTERNALS
from differences import OF_TEXT
from differences import TOLD
from differences import Answer
from differences import Case
from differences import Did
from differences import explained
from differences import neutral
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from oracle_child import oracle_on
from recorder import ELSEWHERE
from recorder import GOOD
from recorder import recording

from aerocode import errors
from aerocode.connectors.kit import SMS_AERO
from aerocode.connectors.masking import MASK
from aerocode.connectors.smsaero_config import faults
from aerocode.crypto import Secret
from aerocode.model.states import UsageType
from aerocode.phone import Countries
from aerocode.ports import Order
from aerocode.sandbox import Sandbox
from aerocode.smsaero import Transport

DRAWN = 750  # configs, four cases each
USAGES = [usage.value for usage in UsageType]
BAD = {"success": False, "data": None, "message": "Message rejected"}
FIELD = {"success": False, "data": {"sign": ["incorrect"]}, "message": "Validation error."}


class Bench:
    """Both connectors, one gate; everything of ours on a loop in a thread of its own, since Hypothesis has none."""

    def __init__(self, folder):
        self.folder = folder
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self):
        self.thread.start()
        self.opened = recording()
        self.gate = self.run(self.opened.__aenter__())
        self.oracles = oracle_on(self.gate, self.folder)
        self.oracle = self.run(self.oracles.__aenter__())
        self.transport = Transport([self.gate.url], timeout=5.0)
        self.run(self.transport.open())
        return self

    def __exit__(self, *_):
        self.run(self.transport.close())
        self.run(self.oracles.__aexit__(None, None, None))
        self.run(self.opened.__aexit__(None, None, None))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def compare(self, case):
        """The names of the differences; with those of the text taken away there is none in the text."""
        ours, theirs = self.ours(case), self.theirs(case)
        found = explained(case, ours, theirs)
        if found & OF_TEXT:
            same = neutral(case)
            one, other = self.ours(same), self.theirs(same)
            assert one.asked[0].body == reordered(other.asked[0].body), same
        return found

    def ours(self, case):
        issues = [
            {**one.detail, "code": one.code, "path": list(one.path), "message": one.message}
            for one in faults(case.config)
        ]
        if issues:
            return Did(issues=issues)
        self.scripted(case.answer)
        line = SMS_AERO.line(case.config, self.transport)
        outcome = self.run(line.send(order(case)))
        return Did(outcome=outcome, asked=self.gate.taken())

    def theirs(self, case):
        self.scripted(case.answer)
        data = {"to": case.to, "type": case.usage, "payload": case.whole_payload}
        outcome = self.oracle.ask("send", config=case.config, data=data)
        error = outcome.get("error", {})
        if error.get("connector") == "invalid_config":
            assert [] == self.gate.taken()
            return Did(issues=error["data"]["issues"])
        template = error.get("connector") != "template_not_found"
        return Did(outcome=outcome, template=template, asked=self.gate.taken())

    def scripted(self, answer):
        headers = {"Location": ELSEWHERE} if answer.location else {}
        self.gate.answer(answer.status, answer.body, reset=answer.reset, **headers)


def reordered(body):
    """As our client spells the same."""
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


def order(case):
    return Order(
        message_id="m",
        phone=Countries().admit(case.to),
        usage_type=UsageType(case.usage),
        code=Secret(case.code),
        life=timedelta(seconds=300),
        locale=case.locale,
        app_name="Shop",
        payload=case.payload,
    )


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench(tmp_path_factory.mktemp("oracle")) as bench:
        yield bench


STEPS = st.sampled_from(["code", "name", "a", "b", "0", "1", "length", "Code", "", *INTERNALS])
ROOTS = st.sampled_from(["code", "name", "a", "b", "expiresIn", "appName", "locale", "код", "", *INTERNALS])
SPACE = st.sampled_from(["", "", " ", "\t", "\n", "\u00a0", "\ufeff", "\x1c"])
TOKEN = st.builds(
    lambda before, root, steps, after: f"{{{{{before}{'.'.join([root, *steps])}{after}}}}}",
    SPACE,
    ROOTS,
    st.lists(STEPS, max_size=2),
    SPACE,
)
PIECE = st.one_of(TOKEN, st.sampled_from(["{", "}", "{{", "}}", "$&", "код ", "🙂", "."]), st.text(max_size=5))
CONTENT = st.one_of(
    st.builds(lambda pieces: "".join(["{{code}}", *pieces]), st.lists(PIECE, max_size=4)),
    st.builds(lambda pieces: "".join([*pieces, " {{ code }}"]), st.lists(PIECE, max_size=3)),
)
VALUE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**22), 10**22),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=6),
        st.sampled_from(["{{code}}", "$1", "{{name}}"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "0", "", "length"]), inner, max_size=3),
    ),
    max_leaves=6,
)
PAYLOAD = st.dictionaries(st.sampled_from(["name", "a", "b", "appName", "locale", "", "код"]), VALUE, max_size=4)
EMAIL = st.one_of(
    st.sampled_from(["user@example.com", "o'neil@c.co", "A+b@C.CO", "a@b", "a..b@c.co", ".a@b.co", "a@b.c0", "я@b.ru"]),
    st.text("ab.@-_+' A1я\n", max_size=12),
)
GOOD_EMAIL = st.sampled_from(["user@example.com", "o'neil@c.co", "A+b@C.CO"])
JUNK = st.sampled_from([None, 5, True, [], {}, ["x"], "", " ", MASK])


def template(usage, content=CONTENT, **more):
    return st.fixed_dictionaries({"usageType": usage, "content": content, **more})


FOUR = st.tuples(*(template(st.just(usage)) for usage in ("Register", "SignIn", "ForgotPassword", "Generic")))
MORE = st.lists(
    st.one_of(
        template(st.sampled_from(USAGES)),
        template(st.sampled_from(USAGES), locale=st.sampled_from(["ru", "fr-CA", "RU", "", 5])),
    ),
    max_size=3,
)
TEMPLATES = st.builds(lambda first, four, last: [*first, *four, *last], MORE, FOUR, MORE)
SOUND = st.fixed_dictionaries(
    {
        "email": GOOD_EMAIL,
        "apiKey": st.sampled_from(["key", "ключ", "a:b", " k "]),
        "senderName": st.sampled_from(["SMS Aero", "Магазин", "x" * 20]),
        "templates": TEMPLATES,
    },
    optional={"extra": VALUE},
)
BROKEN_TEMPLATES = st.lists(
    st.one_of(
        template(st.one_of(st.sampled_from([*USAGES, "generic", "Party"]), JUNK), st.one_of(CONTENT, JUNK)),
        st.fixed_dictionaries({}, optional={"usageType": st.just("Generic"), "content": st.just("no code")}),
        JUNK,
    ),
    max_size=5,
)
BROKEN = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "email": st.one_of(EMAIL, JUNK),
            "apiKey": st.one_of(st.just("key"), JUNK),
            "senderName": st.one_of(st.just("S"), JUNK),
            "templates": st.one_of(TEMPLATES, BROKEN_TEMPLATES, JUNK),
        },
    ),
    st.builds(lambda config, email: {**config, "email": email}, SOUND, EMAIL),
    st.sampled_from(["x", 5, True, [], ["x"]]),
)
BODIES = [GOOD, *(json.dumps(value).encode() for value in (BAD, FIELD, {}, [], {"success": "true"}, {"success": True}))]
ANSWER = st.one_of(
    st.just(Answer(body=GOOD)),
    st.builds(
        Answer,
        status=st.sampled_from(
            [
                200,
                201,
                202,
                204,
                300,
                301,
                302,
                303,
                304,
                307,
                308,
                400,
                401,
                402,
                403,
                404,
                408,
                413,
                429,
                500,
                502,
                503,
            ]
        ),
        body=st.sampled_from([*BODIES, b"", b"<html>no</html>", b'{"success"', "Ошибка".encode()]),
        location=st.booleans(),
        reset=st.sampled_from([False] * 15 + [True]),
    ),
)
ASK = st.fixed_dictionaries(
    {
        "usage": st.sampled_from(USAGES),
        "code": st.sampled_from(["482913", "000000"]),
        "locale": st.sampled_from(["", "", "ru", "fr", "ru-RU"]),
        "to": st.sampled_from(["79123456789", "79123456789", "+7 (912) 345-67-89", "89123456789"]),
        "answer": ANSWER,
    }
)


def test_no_difference_is_unexplained(bench):
    """Drawing a config takes longer than sending with it, so each is sent with four times."""
    seen, cases = Counter(), set()

    @settings(max_examples=DRAWN, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(SOUND, SOUND, SOUND, BROKEN), PAYLOAD, st.lists(ASK, min_size=4, max_size=4, unique_by=repr))
    def compared(config, payload, asks):
        for ask in asks:
            case = Case(config=config, payload=payload, **ask)
            cases.add(repr(case))
            seen.update(bench.compare(case) or {"no difference"})

    compared()
    TOLD.append(f"The oracle: {len(cases)} cases, none unexplained: {dict(seen.most_common())}")
    assert len(cases) >= 2_000


def plain(**changes):
    config = {**CONFIG, "templates": [{**one, "content": "Your {{code}}"} for one in CONFIG["templates"]]}
    case = Case(config=config, usage="SignIn", payload={}, answer=Answer(body=GOOD))
    return replace(case, **changes)


def texts(*contents, **config):
    """The plain config with these templates of the usage type SignIn before its own."""
    given = [one if isinstance(one, dict) else {"content": one} for one in contents]
    every = [*({"usageType": "SignIn", **one} for one in given), *plain().config["templates"]]
    return {**plain().config, "templates": every, **config}


BETTER = {
    "an empty text is a fault": plain(config={**plain().config, "apiKey": ""}),
    "the mask is no key": plain(config={**plain().config, "apiKey": MASK}),
    "a text without the code is a fault": plain(config=texts("no code")),
    "a usage type without a template is sent the generic one": plain(usage="BindMfa"),
    "digits alone reach the gate": plain(to="+7 (912) 345-67-89"),
    "a template may be for a language": plain(
        config=texts({"content": "Код {{code}}", "locale": "ru"}, "Code {{code}}"), locale="fr"
    ),
    "the lifetime and the product can stand in a text": plain(config=texts("{{code}} {{expiresIn}} {{appName}}")),
    "language internals are out of reach": plain(config=texts("{{code}} {{toString}}")),
    "an object is printed as JSON": plain(config=texts("{{code}} {{a}}"), payload={"a": {"b": [1]}}),
    "a broken connection is an outcome, not a crash": plain(answer=Answer(reset=True)),
    "success false is a refusal": plain(answer=Answer(body=json.dumps(BAD).encode())),
    "no redirect is followed": plain(answer=Answer(status=307, location=True)),
    "not modified is no success": plain(answer=Answer(status=304)),
    "an answer that can't be read is unknown": plain(answer=Answer(body=b"<html>")),
    "a refusal has a kind": plain(answer=Answer(status=400, body=json.dumps(FIELD).encode())),
    "after a fault of the gate nobody knows what left": plain(answer=Answer(status=500, body=GOOD)),
    "without an envelope nobody knows what left": plain(answer=Answer(status=400, body=b"")),
}


def test_two_sound_sends_are_alike(bench):
    assert set() == bench.compare(plain())


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_difference_is_seen_by_itself(bench, name):
    assert {name} == bench.compare(BETTER[name])


def test_a_gate_that_never_answers_holds_theirs_and_not_ours(bench):
    """Theirs has no time limit to compare with; that ours has one, and that nothing is sent twice, is told here."""
    quick = bench.run(_hanging())
    assert ("Unknown", "timeout", 1) == quick


async def _hanging():
    async with Sandbox() as sandbox_of_ours, Transport([sandbox_of_ours.url], timeout=0.3) as transport:
        sandbox_of_ours.fault("hang")
        outcome = await SMS_AERO.line(plain().config, transport).send(order(plain()))
        return type(outcome).__name__, outcome.reason, sandbox_of_ours.requests


def test_both_are_understood_by_the_sandbox(bench):
    async def sandboxed():
        sandbox = Sandbox()
        await sandbox.start(port=0)
        bench.gate.forward = sandbox.url
        return sandbox

    sandbox = bench.run(sandboxed())
    try:
        bench.ours(plain())
        bench.theirs(plain())
        one, other = sandbox.messages()
        assert (one.number, one.sign, one.text) == (other.number, other.sign, other.text)
        sandbox.fault("no_money")
        ours, theirs = bench.ours(plain()).outcome, bench.theirs(plain()).outcome
        assert errors.NotEnoughMoney.code == ours.reason
        assert "Not enough money" in theirs["error"]["data"]["message"]
    finally:
        bench.gate.forward = ""
        bench.run(sandbox.stop())


def test_null_as_a_config_means_the_saved_one(bench):
    data = {"to": "79123456789", "type": "SignIn", "payload": {"code": "482913"}}
    bench.gate.answer()
    assert {"sent": True} == bench.oracle.ask("send", config=None, saved=plain().config, data=data)
    assert 1 == len(bench.gate.taken())


def test_the_factories_have_one_id_type_and_target(bench):
    theirs, ours = bench.oracle.ask("metadata"), {**SMS_AERO.metadata(), "type": SMS_AERO.type}
    for name in ("id", "target", "platform", "type", "logoDark"):
        assert theirs[name] == ours[name]
    assert [item["key"] for item in theirs["formItems"]] == [item["key"] for item in ours["formItems"]]
    assert [item["type"] for item in theirs["formItems"]] == [item["type"] for item in ours["formItems"]]


@pytest.mark.parametrize("usage", USAGES)
def test_what_their_http_connector_hands_over_is_the_same_order(bench, usage):
    """Its request, given to our connector, becomes the text that their SMS Aero connector would have sent."""
    config = texts(*({"usageType": one, "content": f"{one} {{{{code}}}} {{{{name}}}}"} for one in USAGES))
    data = {"to": "79123456789", "type": usage, "payload": {"code": "482913", "name": "Ann"}, "ip": "203.0.113.7"}
    bench.gate.answer()
    bench.oracle.ask("send", "http", config={"endpoint": f"{bench.gate.url}/sms"}, data=data)
    (handed,) = [json.loads(asked.body) for asked in bench.gate.taken()]
    name = {key: value for key, value in handed["payload"].items() if key != "code"}
    case = plain(config=config, usage=handed["type"], payload=name, code=handed["payload"]["code"], to=handed["to"])
    assert "203.0.113.7" == handed["ip"]
    assert set() == bench.compare(case)


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(status=400, body=b"no"), Answer(reset=True)])
def test_their_http_connector_turns_every_failure_into_general_where_ours_tells_it_apart(bench, answer):
    data = {"to": "79123456789", "type": "SignIn", "payload": {"code": "482913"}}
    bench.scripted(answer)
    theirs = bench.oracle.ask("send", "http", config={"endpoint": f"{bench.gate.url}/sms"}, data=data)
    assert "general" == theirs["error"]["connector"]
    bench.gate.taken()
    assert "Unknown" == type(bench.ours(plain(answer=answer)).outcome).__name__


def test_no_other_name_is_any_machine_for_theirs(bench):
    data = {"to": "79123456789", "type": "SignIn", "payload": {"code": "482913"}}
    theirs = bench.oracle.ask("send", "http", config={"endpoint": "http://example.com/sms"}, data=data)
    assert "no such name here: example.com" in json.dumps(theirs)
