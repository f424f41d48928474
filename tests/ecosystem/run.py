"""Try the product on other people's code: `python -m tests.ecosystem.run` prints what it saw and ends 0 when all holds.

Django is checked: no crash, no fault of ours. boltons and toolz are fixed: their own tests have the same outcomes after
as before, each by name; no comment is lost, every file compiles, a second run changes nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from backend_team.fixes.proof import comments
from backend_team.workspace.discovery import python_files
from backend_team.workspace.files import read
from tests.ecosystem.packages import DJANGO, FIXED, Package, python_of_their_tests

Outcomes = dict[str, str]


class Failed(Exception):
    """What was promised does not hold."""


def backend_team(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command, as a person runs it."""
    command = [sys.executable, "-P", "-m", "backend_team", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        raise Failed(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done


def check_django(folder: Path) -> str:
    """Check Django; the time and the findings by rule."""
    sources = DJANGO.unpacked(folder)
    start = time.perf_counter()
    report = json.loads(backend_team("check", "--format", "json", str(sources), folder=folder).stdout)
    took = time.perf_counter() - start
    faults = [item for item in report if item["rule"] in ("fault", "file", "syntax")]
    if faults:
        raise Failed(f"faults of ours: {faults[:3]}")
    rules = Counter(item["rule"] for item in report)
    rows = [f"  {count:5d}  {rule}" for rule, count in rules.most_common()]
    files = sum(1 for _ in python_files([sources]))
    return "\n".join([f"Django {DJANGO.version}: {files} files in {took:.1f} s, {rules.total()} findings", *rows])


def fix_package(package: Package, folder: Path) -> str:
    """Fix a package; what changed, and the outcomes of its tests."""
    sources = package.unpacked(folder)
    before = run_tests(package, sources)
    if not before:
        raise Failed(f"{package.name} has no tests that run here")
    changed, files = fix_code([sources / name for name in package.code], folder)
    if not changed:
        raise Failed(f"nothing was fixed in {package.name}: this shows nothing")
    after = run_tests(package, sources)
    if different := [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]:
        shown = ", ".join(f"{name}: {before.get(name)} -> {after.get(name)}" for name in sorted(different)[:5])
        raise Failed(f"{len(different)} tests of {package.name} have another outcome: {shown}")
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in Counter(before.values()).most_common())
    return f"{package.name} {package.version}: {changed} of {files} files fixed; tests before and after: {outcomes}"


def fix_code(code: list[Path], folder: Path) -> tuple[int, int]:
    """Fix folders, twice; how many files changed, and of how many."""
    texts = {path: read(path).text for path in python_files(code)}
    backend_team("fix", *map(str, code), folder=folder)
    changed = 0
    for path, text in texts.items():
        now = read(path).text
        changed += now != text
        if comments(now) != comments(text):
            raise Failed(f"{path}: comments are not the same")
        compile(now, str(path), "exec", dont_inherit=True)
    fixed = {path: read(path).text for path in texts}
    backend_team("fix", *map(str, code), folder=folder)
    if again := [path.name for path in texts if read(path).text != fixed[path]]:
        raise Failed(f"a second run changed {again}")
    return changed, len(texts)


def run_tests(package: Package, sources: Path) -> Outcomes:
    """The outcome of each of a package's own tests."""
    results = sources / "results.xml"
    environment = {
        **os.environ,
        "PYTHONPATH": str(sources / package.root),
        "PYTHONHASHSEED": "0",
    }
    command = [
        str(python_of_their_tests()),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=",
        f"--junitxml={results}",
    ]
    command += ["-o", "filterwarnings=", f"--rootdir={sources}", *package.tests]
    subprocess.run(command, cwd=sources, env=environment, capture_output=True, timeout=600, check=False)
    outcomes = {}
    for case in ElementTree.parse(results).iter("testcase"):
        outcome = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        outcomes[f"{case.get('classname')}::{case.get('name')}"] = outcome
    results.unlink()
    return outcomes


def main() -> int:
    """Run everything and print it; 1 when something does not hold."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="ecosystem-") as name:
        folder = Path(name)
        steps = [lambda: check_django(folder)]
        steps += [lambda package=package: fix_package(package, folder) for package in FIXED]  # type: ignore[misc]
        for step in steps:
            try:
                print(step(), flush=True)
            except Failed as reason:
                failed = True
                print(f"FAILED: {reason}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
