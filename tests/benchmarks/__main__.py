"""Every figure of README.md, measured here and now: `python -m tests.benchmarks`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.ecosystem.packages import DJANGO


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = DJANGO.unpacked(Path(name))
        module = folder / "django" / "contrib" / "admin" / "options.py"
        for part in ("engine", "lsp_latency"):
            print(f"\n{part}", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{part}", str(module)], check=True)
        for part in ("lsp_workspace", "scan"):
            print(f"\n{part}", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{part}", str(folder)], check=True)
        print("\nlsp_replay", flush=True)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.lsp_replay"], check=True)


if __name__ == "__main__":
    main()
