"""Whole packages from the command line, beside Ruff, vulture and Fixit: `python -m tests.benchmarks.scan FOLDER`.

The folder is Django's wheel, unpacked. Vulture and Fixit are installed into `.cache/benchmarks`. Commands take turns
within a run, so that a busy machine is busy for all; the figures are medians.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.lsp_latency import FAMILIES

RUNS = 5
BIN = Path(sys.executable).parent
PEERS = Path(__file__).resolve().parents[2] / ".cache" / "benchmarks"
PINNED = ("vulture==2.16", "fixit==2.2.1")
SLOWING = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # what people run is compiled once, its output buffered
FIXIT = "import pathlib, sys, fixit\nfor _ in fixit.fixit_paths([pathlib.Path(sys.argv[1])], parallel=False): pass\n"


@dataclass
class Run:
    """A command, and how it went each time."""

    command: list[str]
    cold: Path | None = None  # what is removed before each time
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def once(self, environment: dict[str, str]) -> None:
        """Run it, all its output thrown away."""
        if self.cold is not None:
            shutil.rmtree(self.cold, ignore_errors=True)
        begun = time.perf_counter()
        with subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds.append(time.perf_counter() - begun)
        self.processor.append(usage.ru_utime + usage.ru_stime)
        assert process.returncode in {0, 1, 3}, f"{self.command} ended with {process.returncode}"  # vulture says 3

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def line(self, name: str) -> str:
        return (
            f"  {name:34} median {self.median:7.3f} s  min {min(self.seconds):7.3f}  max {max(self.seconds):7.3f}"
            f"  processor {statistics.median(self.processor):7.3f}"
        )


def peak_memory(command: list[str], environment: dict[str, str]) -> list[int]:
    """The most memory that each process of a command had at a time (VmHWM, MiB), the largest first.

    Pages that forked processes share count in each of them, so the sum is more than what was used.
    """
    peaks: dict[int, int] = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.005):
                for number in _family(process.pid):
                    try:
                        status = Path(f"/proc/{number}/status").read_text()
                    except OSError:
                        continue
                    found = status.partition("VmHWM:")[2].split()
                    if found:
                        peaks[number] = max(peaks.get(number, 0), int(found[0]) // 1024)

        watcher = threading.Thread(target=watch)
        watcher.start()
        process.wait()
        over.set()
        watcher.join()
    return sorted(peaks.values(), reverse=True)


def _family(number: int) -> list[int]:
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except OSError:
        return []
    return [number, *(each for child in children for each in _family(int(child)))]


def peers() -> Path:
    """The folder of the commands of vulture and Fixit, installed once."""
    folder = PEERS / "peers"
    ready = folder / ".ready"
    if not ready.exists() or ready.read_text() != " ".join(PINNED):
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", *PINNED], check=True, timeout=600)
        ready.write_text(" ".join(PINNED))
    return folder / "bin"


def lines_in(folder: Path) -> tuple[int, int]:
    """Python files and their lines."""
    files = list(folder.rglob("*.py"))
    return len(files), sum(file.read_bytes().count(b"\n") for file in files)


def in_turn(runs: dict[str, Run], environment: dict[str, str], times: int = RUNS) -> None:
    """Run all of them, one after the other, so many times after one that does not count; print how they went."""
    for number in range(times + 1):
        for run in runs.values():
            run.once(environment)
            if number == 0 and times:
                run.seconds.clear()
                run.processor.clear()
    for name, run in runs.items():
        print(run.line(name))


def ratio(name: str, one: Run, other: Run, limit: str) -> None:
    """Print how two medians stand to each other."""
    print(f"  {name}: {one.median / other.median:.2f} ({limit})", flush=True)


def main(folder: Path) -> None:
    """Print every figure."""
    django = str(folder / "django")
    commands = peers()
    with tempfile.TemporaryDirectory() as name:
        state, empty, ruff_cache = Path(name) / "state", Path(name) / "empty", Path(name) / "ruff"
        empty.mkdir()
        one_file = empty.with_name("one") / "module.py"
        one_file.parent.mkdir()
        shutil.copy(folder / "django" / "utils" / "text.py", one_file)
        os.utime(one_file, (1_600_000_000, 1_600_000_000))
        environment = {name: value for name, value in os.environ.items() if name not in SLOWING}
        environment |= {"BACKEND_TEAM_STATE_DIR": str(state), "PYTHONPYCACHEPREFIX": str(Path(name) / "compiled")}
        check = [str(BIN / "backend-team"), "check"]
        ruff = [str(BIN / "ruff"), "check", "--isolated", "--select", ",".join(FAMILIES)]

        files, lines = lines_in(Path(django))
        print(f"\nCold: {files:,} files, {lines:,} lines, all rules that are on by default; {os.cpu_count()} cores")
        cold = {
            "backend-team check --no-cache": Run([*check, "--no-cache", django]),
            "backend-team check, empty cache": Run([*check, django], state / "results"),
            "ruff check --no-cache": Run([*ruff, "--no-cache", django]),
            "vulture": Run([str(commands / "vulture"), django]),
        }
        in_turn(cold, environment)
        ours, _, its, theirs = cold.values()
        ratio("of Ruff", ours, its, "at most 6")
        ratio("of vulture", ours, theirs, "at most 0.7")

        print("\nWarm: nothing has changed, all findings are printed")
        warm = {
            "backend-team check": Run([*check, django]),
            "ruff check": Run([*ruff, "--cache-dir", str(ruff_cache), django]),
        }
        in_turn(warm, environment)
        ratio("of Ruff", *warm.values(), "at most 1.5")

        print("\nMemory: the most that each process had at a time, shared pages counted in each, MiB")
        for title, command in (("cold", [*check, "--no-cache", django]), ("warm", [*check, django])):
            peaks = peak_memory(command, environment)
            print(f"  {title}  largest {peaks[0]}  all {len(peaks)} together {sum(peaks)} (at most 250)", flush=True)

        print("\nStart")
        start = {
            "python -c pass": Run([sys.executable, "-c", "pass"]),
            "backend-team check, empty folder": Run([*check, str(empty)]),
            "backend-team check, one known file": Run([*check, str(one_file)]),
            "backend-team check, one new file": Run([*check, "--no-cache", str(one_file)]),
        }
        in_turn(start, environment, 2 * RUNS)
        print(f"  one known file: {list(start.values())[2].median:.3f} s (below 0.25)", flush=True)

        admin = folder / "django" / "contrib" / "admin"
        few, some = lines_in(admin)
        print("\nBeside Fixit, which detects with LibCST: lines a second in one process, start and output included")
        ours = Run([*check, "--no-cache", "--jobs", "1", django])
        small = Run([*check, "--no-cache", "--jobs", "1", str(admin)])
        theirs = Run([str(commands / "python"), "-c", FIXIT, str(admin)])
        in_turn({"backend-team, django": ours, "backend-team, django/contrib/admin": small}, environment, 2)
        in_turn({f"fixit, django/contrib/admin ({few} files)": theirs}, environment, 0)
        speeds = lines / ours.median, some / small.median, some / theirs.median
        print("  backend-team {:,.0f} and {:,.0f}, fixit {:,.0f}".format(*speeds))
        print(
            f"  per line: {speeds[0] / speeds[2]:.0f} times as fast (at least 100); "
            f"in the same folder {speeds[1] / speeds[2]:.0f} times"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="Django's wheel, unpacked")
    main(parser.parse_args().folder)
