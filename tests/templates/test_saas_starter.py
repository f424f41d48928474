"""The template `saas-starter` from its files to a healthy deployment, with real processes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.templates.conftest import Changes
    from tests.templates.journal import Bench


async def test_the_whole_template(bench: Bench, changes: Changes) -> None:
    began = time.monotonic()
    await bench.run_all()
    assert time.monotonic() - began < 60  # 8 s on two idle cores
    deployment = bench.outputs["deployment"]
    async with httpx.AsyncClient(base_url=deployment["app_url"], trust_env=False) as browser:
        assert (await browser.get("/health")).json() == {"status": "ok", "database": "ok"}
        assert "Blue Lamp" in (await browser.get("/")).text
    print(time.monotonic() - began, bench.lines[-12:], deployment)
