"""The packages the product is tried on, from PyPI into `.cache/ecosystem` at the top of the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "ecosystem"


@dataclass(frozen=True)
class Package:
    """A pinned release: its wheel when `code` is empty, otherwise its source distribution.

    `code` are the folders that are fixed; tests beside them are the judge and stay as they are. `root` is the folder
    its modules are imported from, `needs` what its tests import besides.
    """

    name: str
    version: str
    code: tuple[str, ...] = ()
    root: str = "."
    tests: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def unpacked(self, folder: Path) -> Path:
        """The sources, unpacked anew in the folder."""
        target = folder / f"{self._file_name}-{self.version}"
        shutil.rmtree(target, ignore_errors=True)
        archive = self._archive()
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(target)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        assert target.is_dir(), f"{archive.name} does not unpack to {target.name}"
        (target / "backend-team.toml").write_text('stand-down = "never"\n')  # all of our rules are on trial
        return target

    @property
    def _file_name(self) -> str:
        return self.name.replace("-", "_") if self.code else self.name

    def _archive(self) -> Path:
        pattern = f"{self._file_name}-{self.version}*.{'tar.gz' if self.code else 'whl'}"
        CACHE.mkdir(parents=True, exist_ok=True)
        if not any(CACHE.glob(pattern)):
            kind = "--no-binary" if self.code else "--only-binary"
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            subprocess.run(
                [*command, kind, ":all:", "--dest", str(CACHE), f"{self.name}=={self.version}"], check=True, timeout=300
            )
        return next(CACHE.glob(pattern))


DJANGO = Package("Django", "5.2")
BOLTONS = Package("boltons", "26.2.0", ("boltons",))  # a test of its reads the unused variables of its own frames
TOOLZ = Package("toolz", "1.2.0", ("toolz", "tlz"))  # its tests are inside: they are fixed too
MORE_ITERTOOLS = Package("more-itertools", "11.2.1", ("more_itertools",))
TOMLKIT = Package("tomlkit", "0.15.2", ("tomlkit",), tests=("tests",), needs=("pyyaml",))
HUMANIZE = Package(
    "humanize", "4.17.0", ("src",), root="src", tests=("tests",), needs=("freezegun", "pytest-benchmark")
)
DATEUTIL = Package(
    "python-dateutil",
    "4.0.0",
    ("src",),
    root="src",
    tests=("tests",),
    needs=("attrs", "freezegun", "hypothesis"),
)
FIXED = (BOLTONS, TOOLZ, MORE_ITERTOOLS, TOMLKIT, HUMANIZE, DATEUTIL)


def python_of_their_tests() -> Path:
    """The interpreter that runs the packages' own tests: an environment of its own under the cache.

    The packages are installed in it for their metadata; what is imported is the sources under test.
    """
    folder = CACHE / "environment"
    python = folder / "bin" / "python"
    wanted = sorted(
        {"pytest", *(f"{each.name}=={each.version}" for each in FIXED), *(n for p in FIXED for n in p.needs)}
    )
    ready = folder / "ready"
    if not ready.is_file() or ready.read_text(encoding="utf-8") != "\n".join(wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, timeout=120)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
        subprocess.run(command, check=True, timeout=600)
        ready.write_text("\n".join(wanted), encoding="utf-8")
    return python
