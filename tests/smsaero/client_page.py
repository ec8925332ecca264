"""Running `docs/reference/smsaero-client.md`: its blocks from top to bottom, once in each colour."""

import ast
import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "smsaero-client.md"
TEXT = PAGE.read_text()


@dataclass(frozen=True)
class Block:
    """`expected` is what the page shows the value of the last statement to be; None when it shows nothing."""

    line: int
    code: str
    expected: str | None

    def colours(self) -> tuple[str, str]:
        """Its code for the awaited and for the blocking client: of a pair of lines one each, else the same."""
        lines = self.code.splitlines()
        if len(lines) == 2 and re.search(r"\b(await|async)\b", lines[0]) and "client." in lines[1]:
            return lines[0], lines[1]
        return self.code, re.sub(r"\b(await|async) ", "", self.code)


def blocks() -> list[Block]:
    found = []
    for match in re.finditer(r"```python\n(.*?)```", TEXT, re.DOTALL):
        lines = match[1].splitlines()
        shown = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
        code = "\n".join(line for line in lines if not line.startswith("# "))
        line = TEXT[: match.start()].count("\n") + 2
        found.append(Block(line, code, " ".join(shown) if shown else None))
    return found


def alike(told: str) -> str:
    """What two runs have in common: words and structure, but no digit, date, or way of breaking lines."""
    told = re.sub(r"(datetime\.)?datetime\([^()]*\)", "datetime", told)
    return re.sub(r"\d+", "0", "".join(told.split()))


async def value_of(code: str, names: dict[str, object]) -> object:
    """Run it, with `await` allowed on top; the value of its last statement, which may assign it or be it."""
    tree = ast.parse(code)
    last = tree.body[-1]
    while isinstance(last, ast.Try):
        last = last.handlers[0].body[-1]
    if isinstance(last, ast.Expr):
        names.pop("_value", None)
        if last in tree.body:
            tree.body[-1] = ast.copy_location(
                ast.Assign(targets=[ast.Name(id="_value", ctx=ast.Store())], value=last.value), last
            )
        target = "_value"
    else:
        target = last.targets[0].id if isinstance(last, ast.Assign) else ""
    compiled = compile(ast.fix_missing_locations(tree), PAGE.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    await _run(compiled, names)
    return names.get(target)


async def _run(compiled: CodeType, names: dict[str, object]) -> None:
    outcome = eval(compiled, names)  # a coroutine when the code awaits
    if inspect.isawaitable(outcome):
        await outcome
