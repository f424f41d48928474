"""flake8-simplify's tests: what each says must be found on which line, asked of our rules and of Ruff's.

The tests are read as trees, never imported. One case is one call of `_results(code)`, once for each parametrized value.
Where Ruff keeps a check under another code, that code counts; and a rule of ours counts through its `equivalents`.
Code that is no module (`return` outside a function) is put into a function, and what it uses of `os` and `typing` is
imported, for both.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backend_team.analysis.module import analyse
from backend_team.fixes.proof import compiles
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Source
from tests.outside.score import Measure, Score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FLOOR: Final = 64  # cases: what Ruff 0.17.5 gets right by its codes of the same name
_MESSAGE: Final = re.compile(r"(\d+):\d+ (SIM\d+)")
_CODE: Final = re.compile(r"SIM\d+")
_ELSEWHERE: Final = {  # what flake8-simplify calls by these codes, in Ruff
    "SIM104": ("UP028",),
    "SIM107": ("SIM107", "B012"),
    "SIM109": ("PLR1714",),
    "SIM111": ("SIM110",),
    "SIM120": ("UP004",),
    "SIM203": ("E713",),
    "SIM907": ("UP007", "UP045"),
    "SIM908": ("SIM401",),
    "SIM909": ("PLW0127",),
}
_IMPORTS: Final = {r"\bos\.": "import os\n", r"\bUnion\[": "from typing import Union\n"}
Places = frozenset[tuple[int, str]]  # line and code; the line 0 stands for any


@dataclass(frozen=True, slots=True)
class Case:
    """One piece of code: one of the sets of places is to be found; without any, nothing, or nothing of `unwanted`."""

    name: str
    code: str
    wanted: tuple[Places, ...] = ()
    unwanted: frozenset[str] = frozenset()

    def holds(self, found: Places) -> bool:
        """Whether what was found is what the test says."""
        if not self.wanted:
            return not any(not self.unwanted or code in self.unwanted for _, code in found)
        anywhere = found | {(0, code) for _, code in found}
        return any(places <= anywhere for places in self.wanted)

    @property
    def valid(self) -> tuple[str, int]:
        """The code as a module that compiles, and how many lines stand before it."""
        imports = "".join(line for pattern, line in _IMPORTS.items() if re.search(pattern, self.code))
        if compiles(self.code):
            return imports + self.code, imports.count("\n")
        return f"{imports}def case():\n{textwrap.indent(self.code, '    ')}\n", imports.count("\n") + 1


def cases(folder: Path) -> Iterator[Case]:
    """The cases of the suite in a clone of flake8-simplify."""
    for path in sorted(folder.glob("tests/test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield from _cases_of(node)


def _cases_of(test: ast.FunctionDef) -> Iterator[Case]:
    call = next((part for part in ast.walk(test) if _is_results(part)), None)
    if not isinstance(call, ast.Call):
        return
    for number, values in enumerate(_parameters(test)):
        code = _value(call.args[0], values)
        if isinstance(code, str):
            name = f"{test.name}[{number}]" if values else test.name
            unwanted = frozenset(_unwanted(test))
            yield Case(name, code, () if unwanted else tuple(_wanted(test, values)), unwanted)


def _is_results(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_results"


def _parameters(test: ast.FunctionDef) -> list[dict[str, Any]]:
    """The values of the arguments, for each time the test runs; what is expected to fail is left out."""
    for decorator in test.decorator_list:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.args[1], (ast.Tuple, ast.List)):
            continue
        names = ast.literal_eval(decorator.args[0])
        names = [names] if isinstance(names, str) else names
        runs = []
        for item in decorator.args[1].elts:
            if not isinstance(item, ast.Call):
                value = ast.literal_eval(item)
                runs.append(dict(zip(names, [value] if len(names) == 1 else value, strict=True)))
        return runs
    return [{}]


def _value(node: ast.expr, values: dict[str, Any]) -> Any:
    return values.get(node.id) if isinstance(node, ast.Name) else ast.literal_eval(node)


def _wanted(test: ast.FunctionDef, values: dict[str, Any]) -> Iterator[Places]:
    """What may be found: the set that is asked for, or one after the other when several will do."""
    parts = [part for statement in test.body for part in ast.walk(statement)]
    texts = [text for part in parts for text in _texts(part, values)]
    places = [(int(line), code) for text in texts for line, code in _MESSAGE.findall(text)]
    if places and any(isinstance(part, ast.Set) and len(part.elts) > 1 for part in parts):
        yield frozenset(places)
        return
    codes = sorted({text for text in texts if _CODE.fullmatch(text)})
    yield from (frozenset({place}) for place in places or [(0, code) for code in codes])


def _texts(node: ast.AST, values: dict[str, Any]) -> list[str]:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        value = values.get(node.id)
    return [value] if isinstance(value, str) else [*value] if isinstance(value, (set, list)) else []


def _unwanted(test: ast.FunctionDef) -> Iterator[str]:
    """The codes of which a test says that they are not in the result."""
    for part in ast.walk(test):
        if isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.NotIn) and isinstance(part.left, ast.Constant):
            yield str(part.left.value)


def ours(case: Case) -> Places:
    """What our rules find: the codes they are equivalent to, with the lines of the places they name."""
    text, before = case.valid
    source = Source("case.py", text)
    return frozenset(
        (source.lines.line_of(place.start) + 1 - before, code)
        for finding in analyse(source, _RULES, _ALL).findings
        for place in (finding.span, *(span for _, span in finding.captures))
        for code in _CODES[finding.rule]
    )


def ruffs(every: Sequence[Case]) -> list[Places]:
    """What Ruff finds in each case."""
    with tempfile.TemporaryDirectory() as name:
        for number, case in enumerate(every):
            Path(name, f"{number}.py").write_text(case.valid[0], encoding="utf-8")
        command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--preview", "--exit-zero"]
        command += ["--target-version", "py311", "--output-format", "json", "--ignore-noqa"]
        command += ["--select", ",".join(["SIM", *(code for codes in _ELSEWHERE.values() for code in codes)]), name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: list[set[tuple[int, str]]] = [set() for _ in every]
    for row in json.loads(done.stdout):
        number = int(Path(row["filename"]).stem)
        line = row["location"]["row"] - every[number].valid[1]
        found[number] |= {(line, code) for code in _same(row["code"] or "")}
    return [frozenset(each) for each in found]


def _same(code: str) -> list[str]:
    """What flake8-simplify calls the same."""
    other = [here for here, there in _ELSEWHERE.items() if code in there]
    return [*other, code] if _CODE.fullmatch(code) else other


def score(folder: Path) -> Score:
    """The score of ours and of Ruff's."""
    every = list(cases(folder))
    right = right_ruff = 0
    missed: list[str] = []
    for case, theirs in zip(every, ruffs(every), strict=True):
        mine = ours(case)
        right += case.holds(mine)
        right_ruff += case.holds(theirs)
        if not case.holds(mine):
            wanted = sorted(sorted(places) for places in case.wanted) or "nothing"
            beside = "; Ruff gets it right" if case.holds(theirs) else ""
            missed.append(f"{case.name}: {wanted} wanted, {sorted(mine)} found{beside}")
    return Score("flake8-simplify", (Measure("cases", len(every), right, right_ruff, _FLOOR),), tuple(missed))


_RULES: Final = load_rules()
_ALL: Final = Settings(select=frozenset({"all"}), target_version=(3, 11))
_CODES: Final = {
    rule.id: sorted({code for name in rule.equivalents for code in _same(name.rpartition(":")[2])}) for rule in _RULES
}
