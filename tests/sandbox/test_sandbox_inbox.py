import json
import re
from datetime import datetime

import pytest

from aerocode.sandbox.inbox import KEPT
from aerocode.sandbox.inbox import Inbox
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.inbox import digits
from aerocode.sandbox.life import Course
from aerocode.sandbox.life import Step
from aerocode.sandbox.pages import prefers_html

pytestmark = pytest.mark.anyio

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def message(number, text="hello"):
    course = Course(begins=0.0, lasts=2.0, life=(Step(0.0, 0, "queue"),))
    return Message(id=number, number="79120000000", sign="S", text=text, cost=4.19, received=0.0, course=course)


@pytest.fixture
def read(http):
    async def read(path="/inbox", accept="*/*"):
        async with http.get(path, headers={"Accept": accept}) as reply:
            return await reply.text()

    return read


async def test_a_message_is_told_whole(send, read):
    sms_id = (await send())["data"]["id"]
    (message,) = json.loads(await read())["messages"]
    received = datetime.fromisoformat(message.pop("receivedAt"))

    assert received.utcoffset().total_seconds() == 0
    assert message == {
        "id": sms_id,
        "number": "79129999999",
        "channel": "sms",
        "sign": "SMS Aero",
        "text": "482913 is your code",
        "code": "482913",
        "status": 0,
        "extendStatus": "queue",
    }


async def test_the_json_is_one_line_without_spaces(send, read):
    await send()
    await send()

    assert re.fullmatch(r'\{"messages":\[\{"id":\d+,"number":"79129999999",.*\},\{.*\}\]\}\n', await read())


async def test_the_last_code_is_the_newest(send, read):
    await send(text="Code 111111")
    await send(text="Code 222222")

    assert re.search(r'.*"code":"([0-9]*)".*', await read())[1] == "222222"


async def test_a_text_stays_readable_in_json(send, read):
    await send(text="Ваш код 482913")

    assert "Ваш код 482913" in await read()


@pytest.mark.parametrize("phone", ["79129999999", "+79129999999", "%2B79129999999", "8 912 999-99-99"])
async def test_a_phone_is_found_in_any_form(send, read, phone):
    await send()
    await send(number="79129999998")
    answer = json.loads(await read(f"/inbox/{phone}"))

    assert (answer["phone"], [m["number"] for m in answer["messages"]]) == ("79129999999", ["79129999999"])


async def test_a_phone_without_messages_has_none(read):
    assert json.loads(await read("/inbox/79120000000")) == {"phone": "79120000000", "messages": []}


async def test_a_phone_without_digits_is_400(http):
    async with http.get("/inbox/me") as reply:
        assert reply.status == 400


async def test_the_front_door_leads_to_the_inbox(http):
    async with http.get("/", allow_redirects=False) as reply:
        assert reply.headers["Location"] == "/inbox"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913 is your code", "482913"),
        ("Код: 0042. Никому не сообщайте", "0042"),
        ("123 then 4567", "4567"),
        ("A1234 and 5678", "5678"),
        ("call +79121234567, code 1234", "1234"),
        ("12345678901", None),
        ("no digits", None),
        ("@shop.example #482913", "482913"),
        ("1234567890", "1234567890"),
    ],
)
def test_the_code_is_the_first_run_of_digits_standing_alone(text, code):
    assert message(1, text).code == code


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/html;q=0.9", False),
        ("text/html;q=0.5, application/json;q=0.4", True),
        ("text/html;q=0", False),
        ("text/html;q=much", False),
    ],
)
def test_html_is_for_those_who_prefer_it(accept, html):
    assert prefers_html(accept) is html


async def test_the_page_shows_the_message(send, read):
    await send()

    assert "482913 is your code" in await read("/inbox", BROWSER)


async def test_the_page_of_a_phone_shows_its_messages_only(send, read):
    await send()
    await send(number="79129999998", text="elsewhere 777777")

    assert "elsewhere" not in await read("/inbox/79129999999", BROWSER)


async def test_the_page_escapes_what_an_sms_says(send, read):
    await send(text="<script>alert(1)</script>", sign="<b>")
    page = await read("/inbox", BROWSER)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"<script|<b><b>", page)


@pytest.mark.parametrize("path", ["/inbox", "/inbox/79120000000"])
async def test_the_page_of_nothing_says_so(read, path):
    assert "No messages yet." in await read(path, BROWSER)


@pytest.mark.parametrize(("number", "written"), [("79129999999", "+7 912 999-99-99"), ("35846601234", "+35846601234")])
async def test_the_page_writes_a_number_as_people_do(read, number, written):
    assert f"<h1>{written}</h1>" in await read(f"/inbox/{number}", BROWSER)


@pytest.mark.parametrize(
    ("fault", "shown"),
    [(None, "good"), ("undelivered", "bad"), ("rejected", "bad"), ("moderation", "wait"), ("late", "plain")],
)
async def test_the_page_colours_what_became_of_a_message(send, read, sandbox, fault, shown):
    sandbox.fault(fault)
    await send()
    sandbox.advance(10)

    assert f'class="status {shown}"' in await read("/inbox", BROWSER)


async def test_the_page_names_a_status_without_a_word_by_its_number(data, read):
    await data("flashcall/send", phone="79129999999", code="1234")

    assert "status 0" in await read("/inbox", BROWSER)


async def test_the_page_shows_by_how_much_the_clock_was_moved(read, sandbox):
    sandbox.advance(90)

    assert "clock +90 s" in await read("/inbox", BROWSER)


async def test_the_page_refreshes_itself_without_a_script(read):
    assert '<meta http-equiv="refresh"' in await read("/inbox", BROWSER)


async def test_the_page_lists_the_faults(read):
    assert "reset_after_accept" in await read("/inbox", BROWSER)


async def test_the_page_may_load_nothing_but_its_own_style(http):
    async with http.get("/inbox", headers={"Accept": BROWSER}) as reply:
        policy = reply.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy


async def test_the_style_is_there(http):
    async with http.get("/inbox.css") as reply:
        assert (reply.status, reply.content_type) == (200, "text/css")


def test_the_oldest_messages_are_forgotten():
    inbox = Inbox()
    for number in range(KEPT + 5):
        inbox.add(message(number))

    assert [5, KEPT] == [next(inbox.read()).id, len(list(inbox.read()))]


def test_forgetting_forgets_what_was_hidden_too():
    inbox = Inbox()
    for number in range(2 * KEPT):
        if number == KEPT:
            inbox.clear()
        inbox.add(message(number))

    assert (len(list(inbox.read())), inbox._hidden) == (KEPT, set())


def test_an_empty_inbox_reads_empty():
    assert list(Inbox().read()) == []


@pytest.mark.parametrize("phone", ["79121234567", "+7 912 123-45-67", "89121234567", "8 (912) 123 45 67"])
def test_a_phone_in_any_form_is_one_phone(phone):
    assert digits(phone) == "79121234567"
