"""Checks on an answer: what must be shown of a refactored function before a person sees it.

Each check that fails raises `RejectedError` and names itself; what was shown is told a sentence each.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

from backend_team.errors import RejectedError
from backend_team.findings import Severity
from backend_team.parsing import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.findings import ModuleReport
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Settings
    from backend_team.text import Edit, Source, Span

Function = ast.FunctionDef | ast.AsyncFunctionDef
_IMPLICIT: Final = frozenset({*dir(builtins), "__file__", "__path__", "__annotations__", "__builtins__"})

# Calls that a refactoring has no business to bring in: they run text as code, start processes or read pickles.
_RUNS_TEXT: Final = frozenset({"eval", "exec", "compile", "__import__", "os.system", "os.popen"})
_RISKY_MODULES: Final = frozenset({"subprocess", "pickle", "marshal", "shelve", "ctypes", "runpy"})


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer that passed: its edits, the function as it will stand in the file, what was shown."""

    edits: tuple[Edit, ...]
    suggested: str
    passed: tuple[str, ...]


def check(source: Source, span: Span, original: str, code: str, rules: RuleSet, settings: Settings) -> Checked:
    """Check the code of an answer against the function it is to replace (`original`: as it stands at the margin).

    Raises `RejectedError` with the check that failed.
    """
    from backend_team.fixes import comments, replace_function

    before, after = _function(original), _function(code)
    passed = ["It parses and is one function.", _same_interface(before, after), _same_outcome(before, after)]
    if lost := comments(original) - comments(code):
        # The comment goes to the model alone: a message may end in a log, and logs hold no code.
        raise RejectedError("the answer lost a comment", hint=next(iter(lost)))
    passed.append("Every comment is kept.")
    edits = tuple(replace_function(source, span, code))
    edited = source.edited(edits)
    passed.append(_known_names(source, edited))
    passed += _no_worse(source, edited, span, rules, settings)
    suggested = edited.text[span.start : len(edited.text) - (len(source.text) - span.end)]
    return Checked(edits, suggested, tuple(passed))


def _function(code: str) -> Function:
    try:
        body = syntax_tree(code).body
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise RejectedError(f"the answer does not parse: {reason}") from None
    if len(body) != 1 or not isinstance(body[0], Function):
        raise RejectedError("the answer is not exactly one function")
    return body[0]


def _same_interface(before: Function, after: Function) -> str:
    if after.name != before.name:
        raise RejectedError(f"the answer renames {before.name} to {after.name}")
    if type(after) is not type(before) or _yields(after) != _yields(before):
        raise RejectedError("the answer changes whether the function is async or a generator")
    parts = {
        "args": "parameters",
        "returns": "return annotation",
        "decorator_list": "decorators",
        "type_params": "type parameters",
    }
    for part, name in parts.items():
        if _dump(getattr(after, part, None)) != _dump(getattr(before, part, None)):
            raise RejectedError(f"the answer changes the {name}")
    if ast.get_docstring(after) != ast.get_docstring(before) is not None:
        raise RejectedError("the answer changes the docstring")
    return "Name, parameters, annotations, decorators and docstring are the same."


def _same_outcome(before: Function, after: Function) -> str:
    """What shows without running it: exceptions, dangerous calls, imports."""
    if changed := _raised(after) ^ _raised(before):
        raise RejectedError(f"the answer raises other exceptions: {', '.join(sorted(changed))}")
    if brought := _risky(after) - _risky(before):
        raise RejectedError(f"the answer brings in a call of {min(brought)}")
    if _imports(after) - _imports(before):
        raise RejectedError("the answer brings in an import")
    return "It raises the same exceptions, and brings in no import and no dangerous call."


def _known_names(source: Source, edited: Source) -> str:
    try:
        unknown = _unbound(edited.text) - _unbound(source.text)
    except (SyntaxError, ValueError):
        raise RejectedError("the file does not parse with the answer in place") from None
    if unknown:
        raise RejectedError(f"the answer uses a name that is not defined: {min(unknown)}")
    return "The file parses with it, and every name it uses is defined."


def _no_worse(source: Source, edited: Source, span: Span, rules: RuleSet, settings: Settings) -> Iterator[str]:
    from backend_team.analysis.module import Module

    before, after = Module(source, rules, settings), Module(edited, rules, settings)
    if new := _loud(after.report) - _loud(before.report):
        rule, message = min(new)
        raise RejectedError(f"the answer brings in a finding: {message or rule} ({rule})")
    yield "No new finding."
    old_function, new_function = before.function_at(span.start + 1), after.function_at(span.start + 1)
    if old_function is None or new_function is None:
        raise RejectedError("the function is not found again after the change")
    if new_function.complexity >= old_function.complexity:
        raise RejectedError(
            f"the answer is not simpler: complexity {new_function.complexity}, before {old_function.complexity}"
        )
    yield f"Complexity went down from {old_function.complexity} to {new_function.complexity}."


def _loud(report: ModuleReport) -> Counter[tuple[str, str]]:
    """Findings from warnings up. Messages of too-complex hold a number that a refactoring changes: the rule counts."""
    return Counter(
        (finding.rule, "" if finding.rule == "too-complex" else finding.message)
        for finding in report.findings
        if finding.severity in {Severity.ERROR, Severity.WARNING}
    )


def _dump(part: Any) -> str:
    if isinstance(part, list):
        return "\n".join(_dump(item) for item in part)
    return ast.dump(part) if isinstance(part, ast.AST) else ""


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*get_args(Function), ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))


def _yields(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own_nodes(function))


def _raised(function: Function) -> set[str]:
    """Names of exception classes after `raise`; variables are left out, they may be renamed."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            name = ast.unparse(node.exc.func if isinstance(node.exc, ast.Call) else node.exc)
            if name.rpartition(".")[2][:1].isupper():
                names.add(name)
    return names


def _risky(function: Function) -> set[str]:
    names = (ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call))
    return {name for name in names if name in _RUNS_TEXT or name.partition(".")[0] in _RISKY_MODULES}


def _imports(function: Function) -> set[str]:
    return {_dump(node) for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)}


def _unbound(text: str) -> set[str]:
    """Names of a module that nothing in it binds and that are no builtins; none when it imports with a star."""
    top = symtable.symtable(text, "<module>", "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    bound |= {symbol.get_name() for symbol in top.get_symbols() if symbol.is_namespace()} | _IMPLICIT
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(syntax_tree(text))):
        return set()
    unbound: set[str] = set()
    todo = [top]
    while todo:
        table = todo.pop()
        todo += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global() and symbol.is_assigned():  # `global name` in a function binds it too
                bound.add(symbol.get_name())
            elif symbol.is_referenced() and (symbol.is_global() or table is top):
                unbound.add(symbol.get_name())
    return unbound - bound
