"""Other people's code: checked without a fault, fixed without breaking a test of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ecosystem import run
from tests.ecosystem.packages import FIXED, Package

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.network, pytest.mark.timeout(900)]


def test_django_is_checked_without_a_fault(tmp_path: Path) -> None:
    print(run.check_django(tmp_path))


@pytest.mark.parametrize("package", FIXED, ids=lambda package: package.name)
def test_fixed_package_passes_its_own_tests_as_before(package: Package, tmp_path: Path) -> None:
    print(run.fix_package(package, tmp_path))
