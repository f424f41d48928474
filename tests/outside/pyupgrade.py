"""The suite of pyupgrade (`tests/features`): texts it leaves alone, and texts with what they become.

A text left alone counts when it is unchanged. A rewrite counts when the result has the tree of the expected
text, but for imports that the rewrite made superfluous; where the text before has that tree already (parentheses,
prefixes, comments), when the result is the expected text.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tempfile
import tokenize
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backend_team.findings import Safety
from backend_team.fixes.fix import fix_all
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Source
from tests.outside.score import Measure, Score

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

# Of Ruff's rules, those that cover what pyupgrade does.
RUFF: Final = "UP,C401,C402,C403,C404,C405,C406,C418,C419,F502,F632,FURB188,PLC0208,W605"
OLDEST: Final = (3, 7)  # that Ruff can be asked for
FLOORS: Final = {"unchanged": 339, "rewritten": 279}


@dataclass(frozen=True, slots=True)
class Case:
    """A text of the suite, with what it becomes; the same for one that is left alone."""

    name: str
    before: str
    after: str
    version: tuple[int, int]
    keeps_typing: bool

    @property
    def kept(self) -> bool:
        """Whether the text is left alone."""
        return self.before == self.after


def cases(folder: Path) -> list[Case]:
    """The cases of a clone of the suite."""
    found: list[Case] = []
    for path in sorted((folder / "tests" / "features").glob("*_test.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in tree.body:
            if isinstance(function, ast.FunctionDef) and function.name.startswith("test"):
                for number, arguments in enumerate(_parameters(function)):
                    name = f"{path.stem.removesuffix('_test')}:{function.name}:{number}"
                    found += _case(name, function, arguments)
    return found


def _parameters(function: ast.FunctionDef) -> list[dict[str, Any]]:
    """The arguments of each run of a test function."""
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "pytest.mark.parametrize":
            continue
        named = ast.literal_eval(decorator.args[0])
        names = [each.strip() for each in named.split(",")] if isinstance(named, str) else list(named)
        rows = decorator.args[1]
        assert isinstance(rows, ast.Tuple | ast.List)
        found = []
        for row in rows.elts:
            values = [_value(each) for each in row.args] if isinstance(row, ast.Call) else [_value(row)]
            if len(names) > 1 and len(values) == 1:
                values = list(values[0])
            found.append(dict(zip(names, values, strict=True)))
        return found
    return [{}]


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.BinOp | ast.Call):  # `'…' * 3`, `'…'.format(…)`: not in use where it matters
        return None
    return ast.literal_eval(node)


def _case(name: str, function: ast.FunctionDef, arguments: Mapping[str, Any]) -> Iterator[Case]:
    """What a test function says: the text that is given to pyupgrade, and what must come of it."""
    known = dict(arguments)
    call: ast.Call | None = None
    for statement in function.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target = statement.targets[0].id
            if isinstance(statement.value, ast.Call):
                if _is_fix(statement.value):
                    call = statement.value
                elif target == "settings":
                    known["settings"] = statement.value
            else:
                known[target] = _value(statement.value)
        elif isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare):
            left, right = statement.test.left, statement.test.comparators[0]
            if isinstance(left, ast.Call) and _is_fix(left):
                call = left
            if call is None:
                continue
            before = _text(call.args[0], known)
            after = _text(right, known)
            if before is not None and after is not None:
                version, keeps = _settings(call, known)
                yield Case(name, before, after, version, keeps)


def _is_fix(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"_fix_plugins", "_fix_tokens"}


def _text(node: ast.expr, known: Mapping[str, Any]) -> str | None:
    value = known.get(node.id) if isinstance(node, ast.Name) else _value(node)
    return value if isinstance(value, str) else None


def _settings(call: ast.Call, known: Mapping[str, Any]) -> tuple[tuple[int, int], bool]:
    """The oldest Python of a case, and whether annotations that are read at runtime are to be kept."""
    version: tuple[int, ...] = (3, 0)
    keeps = False
    given = [*call.args[1:], *(each.value for each in call.keywords)]
    for node in given:
        settings = known.get("settings") if isinstance(node, ast.Name) else node
        if isinstance(settings, ast.Call):
            for keyword in settings.keywords:
                value = keyword.value
                said = known[value.id] if isinstance(value, ast.Name) else ast.literal_eval(value)
                if keyword.arg == "min_version":
                    version = said
                keeps |= keyword.arg == "keep_runtime_typing" and said
    return (version[0], version[1] if len(version) > 1 else 0), keeps


def ours(cases: Sequence[Case]) -> list[str]:
    """What our fixes make of the cases: all of the rules that have an equivalent in pyupgrade."""
    rules = load_rules()
    chosen = frozenset(rule.id for rule in rules if any(each.startswith("pyupgrade:") for each in rule.equivalents))
    found = []
    for case in cases:
        settings = Settings(select=chosen, target_version=case.version)
        found.append(fix_all(Source("shop.py", case.before), rules, settings, safety=Safety.REVIEW).source.text)
    return found


def ruff(cases: Sequence[Case]) -> list[str]:
    """What Ruff makes of the cases."""
    results = [case.before for case in cases]
    groups: dict[tuple[tuple[int, int], bool], list[int]] = defaultdict(list)
    for index, case in enumerate(cases):
        groups[max(OLDEST, case.version), case.keeps_typing].append(index)
    for (version, keeps), members in groups.items():
        with tempfile.TemporaryDirectory() as folder:
            paths = {index: Path(folder, f"case_{index}.py") for index in members}
            for index, path in paths.items():
                path.write_bytes(cases[index].before.encode("utf-8", "surrogatepass"))
            typing = f"lint.pyupgrade.keep-runtime-typing={str(keeps).lower()}"
            options = ["--select", RUFF, "--fix", "--unsafe-fixes", "--isolated", "--no-cache", "--exit-zero", "-q"]
            options += ["--target-version", f"py{version[0]}{version[1]}", "--config", typing]
            command = [sys.executable, "-m", "ruff", "check", *options, folder]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            for index, path in paths.items():
                results[index] = path.read_bytes().decode("utf-8", "surrogatepass")
    return results


def is_right(case: Case, result: str) -> bool:
    """Whether a result is what the suite expects."""
    if case.kept or result == case.after:
        return result == case.after
    before, after = _tree(case.before), _tree(case.after)
    if before is None or after is None or ast.dump(before) == ast.dump(after):
        return _tokens(result) == _tokens(case.after)
    found = _tree(result)
    if found is None or case.before == result:
        return False
    superfluous = _read(before) - _read(after)
    return _dump(found, superfluous) == _dump(after, superfluous)


def _tree(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            node.kind = None
    return tree


def _read(tree: ast.Module) -> set[str]:
    """The names that a text reads."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _dump(tree: ast.Module, superfluous: Collection[str]) -> str:
    """A tree as text, without the imports of superfluous names."""
    body = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names = [each for each in statement.names if (each.asname or each.name) not in superfluous]
            if names:
                body.append(ast.dump(statement).replace(_dump_all(statement.names), _dump_all(names)))
        else:
            body.append(ast.dump(statement))
    return "\n".join(body)


def _dump_all(names: Sequence[ast.alias]) -> str:
    return f"names=[{', '.join(map(ast.dump, names))}]"


def _tokens(text: str) -> list[str] | str:
    """The tokens of a text, without layout."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return text
    return [token.string for token in tokens if token.string.strip()]


def score(folder: Path) -> Score:
    """The score of a clone of the suite."""
    every = cases(folder)
    we, they = ours(every), ruff(every)
    measures, missed = [], []
    for name, kept in (("unchanged", True), ("rewritten", False)):
        members = [index for index, case in enumerate(every) if case.kept == kept]
        right = [index for index in members if is_right(every[index], we[index])]
        measures.append(
            Measure(
                name,
                len(members),
                len(right),
                sum(is_right(every[index], they[index]) for index in members),
                FLOORS[name],
            )
        )
        for index in sorted(set(members) - set(right)):
            case = every[index]
            other = "right" if is_right(case, they[index]) else "wrong"
            missed.append(
                f"==== {case.name} {name} {case.version} ruff: {other}\n{case.before}\n---- expected\n"
                f"{'(the same)' if kept else case.after}\n---- ours\n"
                f"{'(the same)' if we[index] == case.before else we[index]}"
            )
    return Score("pyupgrade", tuple(measures), tuple(missed))
