"""`aerocode verify` and `aerocode send`: a verification from the terminal."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
from app_processes import PATIENCE
from app_processes import born
from app_processes import environment
from app_processes import run
from app_processes import serving
from app_words import fresh_phone
from app_words import wrong


def inbox_code(inbox, phone):
    with urllib.request.urlopen(f"{inbox}/{phone[1:]}", timeout=5) as reply:
        return json.load(reply)["messages"][-1]["code"]


@pytest.fixture(params=["with a server", "without"], scope="module")
def place(request, tmp_path_factory):
    """The folder, and the inbox where there is a server to ask."""
    folder = tmp_path_factory.mktemp("verify")
    if request.param == "without":
        yield born(folder, "--sandbox"), None
        return
    with serving(folder, "--sandbox") as process:
        yield folder, process.facts["inbox"]


class Terminal:
    """`aerocode verify` in front of a person who reads the SMS and types."""

    def __init__(self, place, phone, *words):
        folder, self.inbox = place
        self.phone, self.said = phone, ""
        self._popen = subprocess.Popen(
            [sys.executable, "-m", "aerocode", "verify", phone, *words],
            cwd=folder,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        while "on its way" not in self.said:
            line = self._popen.stderr.readline()
            assert line, self.said
            self.said += line
        named = re.search(r"Inbox while this runs: (\S+)", self.said)
        self.code = inbox_code(named[1] if named else self.inbox, self.phone)
        return self

    def types(self, *lines):
        """Exit code and standard output once these lines were typed and the terminal closed."""
        out, err = self._popen.communicate("".join(f"{line}\n" for line in lines), timeout=PATIENCE)
        self.said += err
        return self._popen.returncode, out

    def __exit__(self, *_):
        if self._popen.poll() is None:
            self._popen.kill()
        self._popen.communicate()


def test_the_code_from_the_inbox_verifies_the_phone(place):
    with Terminal(place, phone := fresh_phone(), "--usage-type", "SignIn") as terminal:
        assert (0, f"{phone} is verified.\n") == terminal.types(terminal.code)


def test_a_test_number_is_never_told_to_be_verified_and_no_more(place):
    folder, _ = place
    run(folder, "testnumbers", "add", phone := fresh_phone(), "--code", "135790")
    ended = run(folder, "verify", phone, typed="135790\n")

    assert (0, f"{phone} is verified. It is a test number: that proves nothing.\n") == (
        ended.returncode, ended.stdout,
    )  # fmt: skip
    assert (True, False) == ("nothing was sent" in ended.stderr, "on its way" in ended.stderr)


def test_after_a_wrong_code_there_is_another_try(place):
    with Terminal(place, fresh_phone()) as terminal:
        code, _ = terminal.types(wrong(terminal.code), terminal.code)

    assert 0 == code
    assert "Attempts left: 4" in terminal.said


def test_five_wrong_codes_are_1(place):
    with Terminal(place, fresh_phone()) as terminal:
        code, out = terminal.types(*[wrong(terminal.code)] * 5)

    assert (1, "") == (code, out)
    assert "verification_code.code_mismatch" in terminal.said


def test_a_terminal_that_closes_is_1(place):
    with Terminal(place, fresh_phone()) as terminal:
        assert (1, "") == terminal.types()


def test_the_same_in_json(place):
    with Terminal(place, phone := fresh_phone(), "--json") as terminal:
        code, out = terminal.types(terminal.code)

    assert (0, "approved", phone) == (code, json.loads(out)["status"], json.loads(out)["phone"])


def test_no_code_is_printed(place):
    with Terminal(place, fresh_phone()) as terminal:
        _, out = terminal.types(terminal.code)

    assert terminal.code not in out + terminal.said


def test_send_returns_at_once_with_the_id(place):
    folder, _ = place
    ended = run(folder, "send", fresh_phone())

    assert (0, 26) == (ended.returncode, len(ended.stdout.strip()))


def test_send_in_json_has_what_an_application_would_get(place):
    folder, _ = place
    ended = run(folder, "send", phone := fresh_phone(), "--usage-type", "Register", "--json")

    assert (phone, "Register", "pending") == tuple(ended.json[name] for name in ("phone", "usageType", "status"))


def test_send_says_that_a_code_may_still_arrive(place):
    folder, _ = place
    ended = run(folder, "send", "+79165550011")

    assert 0 == ended.returncode
    assert "may still arrive" in ended.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["no phone"], "guard.invalid_input"),
        (["+79165550001"], "connector.not_enough_money"),
        (["+74951234567"], "phone.not_allowed"),
        (["+79165559999", "--usage-type", "Marketing"], "guard.invalid_input"),
    ],
)
def test_what_is_refused_is_1_with_its_code(place, words, code):
    folder, _ = place
    ended = run(folder, "send", *words)

    assert (1, "") == (ended.returncode, ended.stdout)
    assert f"[{code}]" in ended.stderr


def test_a_second_send_at_once_is_refused(place):
    folder, _ = place
    run(folder, "send", phone := fresh_phone())

    assert "request.message_rate_limited" in run(folder, "send", phone).stderr


def test_a_command_that_is_not_one_is_2(tmp_path):
    assert 2 == run(tmp_path, "verfy", "+79123456789").returncode


def test_a_phone_that_is_missing_is_2(tmp_path):
    assert 2 == run(tmp_path, "verify").returncode


def test_a_new_folder_needs_a_word_about_what_it_is_for(tmp_path):
    ended = run(tmp_path, "send", "+79123456789")

    assert (2, []) == (ended.returncode, list(tmp_path.iterdir()))
    assert "--sandbox" in ended.stderr
