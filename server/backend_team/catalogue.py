"""Where the shipped rules and templates are: inside the package in a wheel, at the top of a checkout otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal


@cache
def catalogue_folder(name: Literal["rules", "templates"]) -> Path:
    """The folder of the shipped catalogue."""
    package = Path(__file__).resolve().parent
    shipped = package / name / "catalogue"
    return shipped if shipped.is_dir() else package.parents[1] / name
