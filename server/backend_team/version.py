"""The version of the distribution, said once: asking the installed package for it takes longer than most of a start."""

from __future__ import annotations

VERSION = "0.1.0"
