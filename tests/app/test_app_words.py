"""Refusals are told in the language their reader asked for; their codes are not."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from aerocode import api
from aerocode import errors
from aerocode.api.words import LANGUAGES
from aerocode.api.words import catalogue
from aerocode.api.words import language
from aerocode.api.words import told

SOURCE = Path(api.__file__).parents[1]
FOREIGN = [spoken for spoken in LANGUAGES if spoken != "en"]


def kinds():
    found = [errors.AerocodeError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found


def sentences():
    """What a refusal may say: the sentence of its kind, or the one it was raised with, if that is always the same."""
    yield from (inspect.cleandoc(kind.__doc__) for kind in kinds())
    names = {kind.__name__ for kind in kinds()} - {"CannotStart", "InUse"}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = getattr(node.exc.func, "attr", getattr(node.exc.func, "id", ""))
                given = [*node.exc.args[:1], *(word.value for word in node.exc.keywords if word.arg == "message")]
                if name in names:
                    yield from (one.value for one in given if isinstance(one, ast.Constant) and len(one.value) > 9)


def po(spoken):
    path = SOURCE / "api" / "locales" / spoken / "LC_MESSAGES" / "aerocode.po"
    with path.open("rb") as file:
        return read_po(file, locale=spoken)


@pytest.mark.parametrize("spoken", FOREIGN)
def test_every_sentence_has_a_translation_and_nothing_else_has(spoken):
    assert set(sentences()) == set(catalogue(spoken))


@pytest.mark.parametrize("spoken", FOREIGN)
def test_a_catalogue_reads_as_gettext_reads_it(spoken):
    read = po(spoken)

    assert {message.id: message.string for message in read if message.id} == catalogue(spoken)
    assert [] == [message.id for message in read if message.fuzzy and message.id]


@pytest.mark.parametrize("spoken", FOREIGN)
def test_a_translation_is_a_sentence_of_its_own(spoken):
    for english, other in catalogue(spoken).items():
        assert other[-1] == ".", other
        assert english != other
        assert "{{" not in other


def test_russian_is_written_in_russian():
    assert [] == [other for other in catalogue("ru").values() if not re.search("[а-яё]{3}", other)]


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        (None, "en"),
        ("", "en"),
        ("ru", "ru"),
        ("RU-ru", "ru"),
        ("fr-CA,fr;q=0.9", "fr"),
        ("de, ru;q=0.5, fr;q=0.7", "fr"),
        ("de,ja;q=0.9", "en"),
        ("*", "en"),
        ("ru;q=0", "en"),
        ("ru;q=0, fr;q=0.001", "fr"),
        ("en;q=0.1, ru;q=0.2", "ru"),
        ("ru, en", "ru"),
        ("ru; q = 0.8 , fr ; q=0.9", "fr"),
        ("fr;q=abc, ru;q=0.1", "ru"),
        ("fr;q=2, ru;q=0.1", "ru"),
        ("fr;level=1", "fr"),
        (",".join(["de"] * 30 + ["ru"]), "en"),
        (";;;,,=;q=", "en"),
    ],
)
def test_the_language_is_the_best_of_ours(accepted, spoken):
    assert spoken == language(accepted)


def test_a_sentence_with_names_in_it_falls_back_to_that_of_its_kind():
    assert catalogue("ru")["There is no such thing here."] == told(errors.EntityNotFound("There is no x."), "ru")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("accepted", "spoken"), [("ru", "ru"), ("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("en", "en"), ("ja", "en")]
)
@pytest.mark.parametrize("path", ["/api/verification-codes", "/api/verifications", "/api/nowhere"])
async def test_a_refusal_speaks_the_readers_language(house, path, accepted, spoken):
    answer = await house.caller().ask("POST", path, {}, headers={"accept-language": accepted})
    english = (await house.caller().ask("POST", path, {})).body

    assert (english["code"], spoken) == (answer.code, answer.headers["content-language"])
    said = english["message"]
    assert answer.body["message"] == (said if spoken == "en" else catalogue(spoken)[said])
    assert answer.body["message"] == answer.body["detail"]


@pytest.mark.anyio
async def test_a_success_speaks_no_language(owner):
    answer = await owner.ask("GET", "/api/connectors", headers={"accept-language": "ru"})

    assert "content-language" not in answer.headers
