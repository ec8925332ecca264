"""Each line knows its room. Import directions are import-linter's; this holds what imports can't show."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "aerocode"
FILES = sorted(SOURCE.rglob("*.py"))
IDS = [str(path.relative_to(SOURCE)) for path in FILES]
WRITTEN = [
    path
    for path in ROOT.rglob("*")
    if path.is_file()
    and path.suffix in {".py", ".md", ".sql", ".html", ".toml", ".txt", ".in", ".sh", ".json"}
    and not {".venv", "build", "dist", ".git", "aerocode-data"} & set(path.relative_to(ROOT).parts)
    and not any(part.startswith(".") and part != ".ci" for part in path.relative_to(ROOT).parts)
]

SQL = re.compile(
    r"\b(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+(table|index))\b", re.IGNORECASE
)
RANDOM = {"random", "secrets", "uuid"}
FACES = {"api", "client", "sandbox", "smsaero"}


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def strings(tree: ast.AST) -> list[str]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_sql_is_written_in_sql_files_only(path):
    assert [text for text in strings(ast.parse(path.read_text())) if SQL.search(text)] == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_only_the_settings_read_the_environment(path):
    if path == SOURCE / "app" / "settings.py":
        return
    assert not re.search(r"\bos\.(environ|getenv)", path.read_text())


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_randomness_and_the_comparison_of_secrets_are_cryptos(path):
    if path == SOURCE / "crypto.py":
        return
    text = path.read_text()
    # The double is published apart from us and keeps no secret; its pages need a nonce.
    allowed = {"secrets"} if room(path) == "sandbox" else set()
    assert set() == (imported(ast.parse(text)) & RANDOM) - allowed
    assert "compare_digest" not in text
    assert "urandom" not in text


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_only_faces_know_http_statuses(path):
    if room(path) in FACES:
        return
    assert "http" not in imported(ast.parse(path.read_text()))
    assert not re.search(r"\bstatus(_code)?\s*(=|==|>=|<)\s*[1-5]\d\d\b", path.read_text())


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_file_has_one_subject_and_a_function_fits_the_eye(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 40
    ]
    assert long == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_no_class_is_named_after_nothing(path):
    names = [node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)]
    assert [name for name in names if re.search(r"(Manager|Helper|Util|Utils|Base|Impl)$", name)] == []


@pytest.mark.parametrize(
    "folder", [path.parent for path in FILES if path.name == "__init__.py" and path.parent != SOURCE]
)
def test_every_room_has_a_door_sign(folder):
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))


def test_nothing_is_left_for_later():
    marks = "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"])
    left = [str(path) for path in WRITTEN if re.search(rf"\b({marks})\b", path.read_text())]
    assert left == []


def test_no_address_of_a_package_index_is_written_down():
    hosts = re.compile("|".join(["py" + r"pi\.", "python" + "hosted", "npm" + r"js\.", r"deb\." + "debian"]))
    assert [] == [str(path) for path in WRITTEN if hosts.search(path.read_text())]


def test_the_readme_draws_every_room():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    readme = (ROOT / "README.md").read_text()
    assert set() == {name for name in rooms if f"{name}/" not in readme}
