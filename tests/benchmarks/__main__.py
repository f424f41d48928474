"""Every figure of README.md, measured here and now: `python -m tests.benchmarks`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.lsp_latency import FAMILIES
from tests.ecosystem.packages import DJANGO

RUNS = 5
BIN = Path(sys.executable).parent


def scan(folder: Path) -> None:
    """Check a whole package from the command line, beside Ruff, in turn."""
    commands = {
        "backend-team check": [str(BIN / "backend-team"), "check", "--statistics"],
        "ruff check --no-cache": [str(BIN / "ruff"), "check", "--no-cache", "--quiet", "--select", ",".join(FAMILIES)],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            begun = time.perf_counter()
            subprocess.run([*command, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            times[name].append(time.perf_counter() - begun)
    print(f"\nA whole package, {DJANGO.name} {DJANGO.version}, {RUNS} runs in turn, seconds")
    for name, found in times.items():
        print(f"  {name:24} min {min(found):5.2f}  median {statistics.median(found):5.2f}  max {max(found):5.2f}")
    ours, ruff = (statistics.median(found) for found in times.values())
    print(f"  ratio of the medians: {ours / ruff:.1f}")


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = DJANGO.unpacked(Path(name))
        module = folder / "django" / "contrib" / "admin" / "options.py"
        for part in ("engine", "lsp_latency"):
            print(f"\n{part}", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{part}", str(module)], check=True)
        scan(folder)


if __name__ == "__main__":
    main()
