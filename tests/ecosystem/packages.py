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

    `code` are the folders that are fixed; tests beside them are the judge and stay as they are.
    """

    name: str
    version: str
    code: tuple[str, ...] = ()

    def unpacked(self, folder: Path) -> Path:
        """The sources, unpacked anew in the folder."""
        target = folder / f"{self.name}-{self.version}"
        shutil.rmtree(target, ignore_errors=True)
        archive = self._archive()
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(target)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        assert target.is_dir(), f"{archive.name} does not unpack to {target.name}"
        return target

    def _archive(self) -> Path:
        pattern = f"{self.name}-{self.version}*.{'tar.gz' if self.code else 'whl'}"
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
