"""The shipped rules: each example shows what it says, each file fits the schema."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
import yaml

from backend_team.analysis.module import analyse
from backend_team.catalogue import catalogue_folder
from backend_team.findings import Finding, Safety
from backend_team.rules.load import check_names, load_rules
from backend_team.settings import Settings
from backend_team.text import Source

if TYPE_CHECKING:
    from backend_team.rules.model import Example, Rule

RULES = load_rules()
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}:{example.line + 1}") for rule in RULES for example in rule.examples
]


def found(text: str, rule: Rule) -> list[Finding]:
    """The findings of one rule, in a text that must not make any rule fail."""
    version = max(rule.python or (3, 11), (3, 11))
    settings = Settings(select=frozenset({"all"}), target_version=version)
    report = analyse(Source("shop/orders.py", text), RULES, settings)
    assert not report.problems
    return [finding for finding in report.findings if finding.rule == rule.id]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_examples(rule: Rule, example: Example) -> None:
    if example.before is None:
        assert example.keep is not None
        assert found(example.keep, rule) == []
        return
    findings = found(example.before, rule)
    assert findings
    for finding in findings:
        assert finding.span.start < finding.span.end <= len(example.before)
        for _, span in finding.captures:
            assert 0 <= span.start <= span.end <= len(example.before)
    if example.after is not None:
        assert rule.fixable
        assert found(example.after, rule) == []


@pytest.mark.parametrize("rule", [*RULES], ids=lambda rule: rule.id)
def test_rules_are_complete(rule: Rule) -> None:
    assert any(example.before for example in rule.examples)
    assert any(example.keep for example in rule.examples)
    assert rule.fixable == any(example.after for example in rule.examples)
    assert rule.safety is not Safety.NONE or not rule.fixable
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*:[\w-]+", name) for name in rule.equivalents)
    assert len(rule.title) <= 80


def test_there_is_a_rule_for_each_check() -> None:
    assert {rule.check for rule in RULES if rule.check} == set(check_names())


def test_files_fit_the_schema() -> None:
    folder = catalogue_folder("rules")
    schema = jsonschema_rs.validator_for(json.loads((folder / "schema.json").read_text(encoding="utf-8")))
    for path in folder.rglob("*.yaml"):
        schema.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("rule", "before", "marked"),
    [
        ("identity-of-literal", "if (x) is ('b'): pass", ["is"]),
        ("identity-of-literal", "x = (a # is\n  is not # is\n 'b')", ["is not"]),
        ("identity-of-literal", "x = a is \\\n not 'b'", ["is \\\n not"]),
        ("raise-not-implemented", "raise NotImplemented('é')", ["NotImplemented"]),
        ("needless-list-call", "x = sorted(list(é), key=ü)", ["list(é)"]),
        ("negated-membership", "x = '😀', not a in b", ["not a in b"]),
        ("choice-of-smaller-or-larger", "a.é if a.é < 'é' else 'é'", ["a.é if a.é < 'é' else 'é'"]),
    ],
)  # fmt: skip
def test_what_a_fix_replaces(rule: str, before: str, marked: list[str]) -> None:
    (finding,) = found(before, RULES.by_id[rule])
    replaced = {name: span for name, span in finding.captures if name.startswith("@")}
    assert [before[span.start : span.end] for span in replaced.values()] == marked
    assert replaced.keys() <= {replacement.capture for replacement in RULES.by_id[rule].replacements}


@pytest.mark.parametrize(
    ("rule", "before", "safety"),
    [
        ("unused-import", "import os", Safety.SAFE),
        ("unused-import", "import requests", Safety.REVIEW),
        ("unused-import", "from . import os", Safety.REVIEW),
        ("unused-import", "import readline", Safety.REVIEW),
        ("unused-import", "from ssl import A, B, C", Safety.REVIEW),
        ("unused-variable", "def f():\n    x = 1", Safety.SAFE),
        ("unused-variable", "def f():\n    x = g()", Safety.REVIEW),
        ("unused-variable", "def f(a):\n    x = a\n    a = 1\n    return a", Safety.REVIEW),
        ("comparison-to-none", "x = y == None", Safety.REVIEW),
        ("format-call", "x = '{} {}'.format(load(), order.name)", Safety.SAFE),
        ("format-call", "x = '{} {}'.format(type(a), len(rows))", Safety.SAFE),
        ("format-call", "x = '{} {}'.format(1, load())", Safety.SAFE),
        ("format-call", "x = '{} {}'.format(rows, rows.pop())", Safety.REVIEW),
        ("format-call", "x = '{a} {b}'.format(a=rows, b=len(rows.pop()))", Safety.REVIEW),
        ("needless-object-base", "class A(B, object): ...", Safety.SAFE),
        ("needless-object-base", "class A(object, metaclass=Meta): ...", Safety.REVIEW),
        ("needless-object-base", "class A(object, **options): ...", Safety.REVIEW),
        ("needless-object-base", "@six.add_metaclass(Meta)\nclass A(object): ...", Safety.REVIEW),
        ("needless-object-base", "@total_ordering\nclass A(object): ...", Safety.SAFE),
        ("comprehension-by-call", "x = list(row.name for row in rows)", Safety.SAFE),
        ("comprehension-by-call", "x = list([next(rows) for _ in range(2)])", Safety.SAFE),
        ("comprehension-by-call", "x = list(next(rows, 0) for _ in range(2))", Safety.SAFE),
        ("comprehension-by-call", "x = list(next(rows) for _ in range(2))", Safety.REVIEW),
        ("comprehension-by-call", "x = frozenset([rows.__next__() for _ in range(2)])", Safety.REVIEW),
    ],
)
def test_safety_is_judged_by_the_place(rule: str, before: str, safety: Safety) -> None:
    assert {finding.safety for finding in found(before, RULES.by_id[rule])} == {safety}


@pytest.mark.parametrize(
    ("loader", "message"),
    [
        ("UnsafeLoader", "`yaml.load` can run any code that the text names"),
        ("FullLoader", "This loader makes more than plain data of the text"),
    ],
)
def test_what_a_loader_does_is_said(loader: str, message: str) -> None:
    text = f"import yaml\nx = yaml.load(text, Loader=yaml.{loader})"
    assert [finding.message for finding in found(text, RULES.by_id["yaml-load"])] == [message]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("unused-import", "import os\nx = 1  # type: os.PathLike"),
        ("unused-import", "from a import B\nfrom typing import cast\nx = cast('B', 1)"),
        ("unused-import", "from a import B\nx: list['B'] = []"),
        ("unused-import", "import os\n__all__ = []\n__all__ += ['os']"),
        ("unused-import", "import os\n__all__ = []\n__all__.append('os')"),
        ("unused-import", f"import json\n'''{'A long text. ' * 9}\n>>> json.loads(1)\n'''"),
        ("unused-import", "from fixtures import client\ndef test_it(client): pass"),
        ("unused-import", "import os\ndef f():\n    global os\n    os = None"),
        ("unused-import", "from a import B\nfrom typing import TypeAlias\nC: TypeAlias = 'B[int]'"),
        ("unused-import", "if new:\n    from typing import never\nelse:\n    def never(): pass"),
        ("unused-variable", "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2"),
        ("unused-variable", "def f():\n    x = 1\n    print(f'{x}')"),
        ("unused-variable", "def f():\n    x = 1\n    del x"),
        ("unused-variable", "def f():\n    x = 1\n    class A:\n        y = x"),
        ("unused-variable", "def f():\n    x: int"),
        ("needless-get-default", "rows = {}\ndef f():\n    global rows\n    rows = load()\nrows.get(1, None)"),
        ("needless-get-default", "rows = {}\nrows = load()\nrows.get(1, None)"),
        ("needless-keys-call", "def f(rows: dict, rows2):\n    for rows in rows2:\n        print(1 in rows.keys())"),
        ("type-comparison", "from a import type\nx = type(a) == b"),
        ("open-without-context", "from codecs import open\nx = open('a').read()"),
        ("f-string-without-placeholder", "x = f'{a:{b}}'"),
        ("bare-except", "try:\n    f()\nexcept:\n    if x: raise\n"),
        ("else-after-return", "def f():\n    if a: return\n    elif b: g()\n    else: return"),
    ],
)  # fmt: skip
def test_what_is_left_alone(rule: str, text: str) -> None:
    assert found(text, RULES.by_id[rule]) == []


def test_init_files_export() -> None:
    report = analyse(Source("shop/__init__.py", "from shop.orders import Order"), RULES)
    assert report.findings == ()
