"""The whole public surface of an official client for Python: `surface.py sync|async http|https`, run by its own Python.

Prints one JSON object: what is public, what was called, what each call gave back or raised.
"""

import asyncio
import contextlib
import datetime as dt
import inspect
import io
import json
import re
import sys

import mapped

mapped.install()

import smsaero  # noqa: E402 - after the resolver
from smsaero import command_line  # noqa: E402

EMAIL, KEY = "me@example.com", "a-key-of-32-characters-or-fewer"
PHONE, OTHER = 79129999999, 79129999998
TEXT = "482913 is your code"
UNDELIVERED = 79129990020  # Mobile ID sends a code by SMS there


def asking(protocol):
    """The client, asking over this protocol first; left alone, one of the two tries https and the other plain http."""

    class Asking(smsaero.SmsAero):
        def request(self, selector, data=None, page=None, proto=protocol):
            return super().request(selector, data, page, proto)

    return Asking


class Surface:
    """Calls by name, written down with what came of them."""

    def __init__(self, client):
        self.client = client
        self.called = set()
        self.results = {}

    async def __call__(self, label, *arguments, **named):
        """`label` is a public name, and after a space what tells this call from others."""
        name = label.split()[0]
        self.called.add(name)
        try:
            result = getattr(self.client, name)(*arguments, **named)
            if inspect.isawaitable(result):
                result = await result
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            result = {"raised": type(error).__name__, "says": str(error)}
        assert label not in self.results, label
        self.results[label] = result
        return result


async def account(call):
    await call("is_authorized")
    await call("balance")
    await call("cards")
    await call("balance_add", 100.0, 12345)
    await call("balance after")
    await call("tariffs")
    await call("sign_list", page=1)


async def sms(call, more):
    soon = dt.datetime.now() + dt.timedelta(hours=1)  # noqa: DTZ005 - the client wants a naive one
    sent = await call("send_sms", PHONE, TEXT)
    await call("send_sms many", [PHONE, OTHER], TEXT, sign="MyShop", date_to_send=soon)
    await call("send_sms back", PHONE, TEXT, callback_url="http://127.0.0.1:9/back?token=7", **more)
    mapped.advance(10)
    await call("sms_status", sent["id"])
    await call("sms_list", PHONE, TEXT, 1)
    await call("sms_list many", [PHONE, OTHER])
    await call("enable_test_mode")
    await call("is_test_mode_active")
    tested = await call("send_sms tested", PHONE, TEXT)
    await call("sms_status tested", tested["id"])
    await call("sms_list tested")
    await call("disable_test_mode")
    for ending in ("0001", "0002", "0004", "0006", "0007", "0008"):
        await call(f"send_sms {ending}", int(f"7912999{ending}"), TEXT)


async def book(call):
    group = (await call("group_add", "friends"))["id"]
    names = {"last_name": "Doe", "first_name": "John", "surname": "Smith"}
    who = {**names, "birthday": "1990-01-01", "sex": "male"}
    contact = await call("contact_add", PHONE, group, **who, param1="1", param2="2", param3="3")
    await call("contact_add bare", OTHER)
    await call("contact_list", PHONE, group, operator="MTS", page=1, **who)
    await call("contact_list all")
    await call("group_list", 1)
    await call("contact_delete", contact["id"])
    await call("contact_delete_all")
    await call("contact_list none")
    await call("group_delete", group)
    await call("group_add another", "foes")
    await call("group_delete_all")
    await call("group_list none")
    listed = await call("blacklist_add", OTHER)
    await call("blacklist_add many", [79129999997, 79129999996])
    await call("blacklist_list", OTHER, 1)
    await call("blacklist_list all")
    await call("blacklist_delete", listed["id"])
    check = await call("hlr_check", PHONE)
    await call("hlr_check many", [PHONE, OTHER])
    mapped.advance(10)
    await call("hlr_status", check["id"])
    await call("number_operator", PHONE)
    await call("number_operator many", [PHONE, OTHER])


async def channels(call):
    sending = await call("viber_send", "MyShop", "OFFICIAL", TEXT, number=PHONE)
    button = {"image_source": "png#AAAA", "text_button": "Buy", "link_button": "https://shop.example/"}
    cascade = {"sign_sms": "MyShop", "channel_sms": "DIRECT", "text_sms": TEXT, "price_sms": 5}
    await call("viber_send cascade", "MyShop", "CASCADE", TEXT, number=[PHONE, OTHER], **button, **cascade)
    await call("viber_sign_list")
    await call("viber_list", 1)
    mapped.advance(10)
    await call("viber_statistics", sending["id"], 1)
    code = await call("send_telegram", PHONE, 1234, sign="SMS Aero", text=TEXT)
    await call("send_telegram many", [PHONE, OTHER], 1234)
    mapped.advance(10)
    await call("telegram_status", code["id"])
    await call("send_mobile_id push", PHONE, callback_url="http://127.0.0.1:9/back")
    session = await call("send_mobile_id", UNDELIVERED, sign="SMSAero")
    await call("mobile_id_status", session["id"])
    await call("verify_mobile_id wrong", session["id"], "nope")
    await call("verify_mobile_id", session["id"], session["codeSms"])


async def beneath(call, client):
    """What a caller seldom needs and the client shows all the same."""
    await call("request nothing", "pigeon/send")
    await call("request", "auth")
    await call("get_gate")
    await call("get_gate_urls")
    await call("check_and_format_user_gate")
    await call("fill_nums", [PHONE])
    await call("build_url", "https", "auth", "@gate.smsaero.ru/v2/", 2)
    await call("phone_validation", PHONE)
    await call("page_validate", 1)
    await call("send_sms_validate", PHONE, TEXT)
    await call("sms_list_validate", PHONE)
    await call("viber_send_validate", "MyShop", "OFFICIAL", TEXT)
    await call("contact_add_validate", PHONE)
    await call("contact_list_validate", PHONE)
    await call("send_telegram_validate", PHONE, 1234)
    await call("send_mobile_id_validate", PHONE)
    if client == "sync":
        await call("get_response")
        await call("check_response", reply())
        await call("phonenumbers_validate", PHONE)
        await call("init_validate", EMAIL, KEY)
    else:
        await call("check_response", {"success": True, "data": {"id": 1}})
        await call("init_session")
        await call("init_validate", KEY)
        await call("close_session")


def reply():
    """A reply as the synchronous client gets it from its HTTP library."""
    made = smsaero.Response()
    made._content = b'{"success": true, "data": {"id": 1}, "message": null}'
    return made


async def other_gates(call, kind):
    for name in mapped.GATES:
        other = Surface(kind(EMAIL, KEY, url_gate=f"{name}/v2"))
        call.results[f"gate {name}"] = await other("is_authorized")
        if hasattr(other.client, "close_session"):
            await other("close_session")


def by_command_line():
    """The command that comes along, in the way people run it: its exit code and what it prints."""
    sys.argv = ["smsaero_send", "--email", EMAIL, "--api_key", KEY, "--phone", str(PHONE), "--message", TEXT]
    printed, code = io.StringIO(), 0
    with contextlib.redirect_stdout(printed):
        try:
            command_line.main()
        except SystemExit as left:
            code = left.code
    return {"code": code, "told": TEXT in printed.getvalue()}


def example(name):
    """The fields of the reply that the client's own documentation shows, each with the JSON types it has there."""
    _, _, shown = (inspect.getdoc(getattr(smsaero.SmsAero, name)) or "").partition("Example response:")
    fields = {}
    for field, value in re.findall(r'"([A-Za-z]\w*(?: \w+)?)"?:\s*(\S*)', shown):
        fields.setdefault(field, []).append(kind_of(value))
    return fields


def kind_of(written):
    """What a value in an example is; None where that can't be told."""
    try:
        return type(json.loads(written.rstrip(","))).__name__
    except ValueError:
        return {"{": "dict", "[": "list", '"': "str"}.get(written[:1])


async def surface(client, protocol):
    kind = asking(protocol)
    call = Surface(kind(EMAIL, KEY))
    await account(call)
    await sms(call, {"callback_format": "JSON"} if client == "sync" else {})
    await book(call)
    await channels(call)
    await other_gates(call, kind)
    await beneath(call, client)
    return call


if __name__ == "__main__":
    done = asyncio.run(surface(*sys.argv[1:]))
    asked = {what: sorted(values) for what, values in mapped.ASKED.items()}
    line = by_command_line()
    found = {
        "public": sorted(name for name in dir(smsaero.SmsAero) if not name.startswith("_")),
        "constants": sorted(name for name in dir(smsaero.SmsAero) if name.isupper()),
        "called": sorted(done.called),
        "examples": {name: example(name) for name in done.called},
        "results": done.results,
        "command": line,
        **asked,
        "strangers": mapped.strangers(),
    }
    sys.stdout.write(f"{json.dumps(found)}\n")
