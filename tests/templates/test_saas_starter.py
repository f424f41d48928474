"""The template `saas-starter` from its files to a healthy deployment, with real processes."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from backend_team.templates.inputs import validate_inputs
from backend_team.templates.values import results_of

if TYPE_CHECKING:
    from backend_team.templates.model import JSON, Template
    from tests.templates.conftest import Changes
    from tests.templates.journal import Bench


async def test_the_whole_template(bench: Bench, changes: Changes) -> None:
    """Generate, test, deploy, verify; then log in as the first administrator; then take it all back."""
    began = time.monotonic()
    await bench.run_all()
    assert time.monotonic() - began < 60  # about 7 s on two idle cores
    results = results_of(bench.template, bench.inputs, bench.outputs)
    assert all(results[name] for name in bench.template.required_outputs)
    assert changes.statuses == ["deploying", "running"]

    url, credentials = str(results["app_url"]), results["admin_credentials"]
    assert isinstance(credentials, dict)
    password = json.loads(Path(str(credentials["password_file"])).read_text())["password"]
    async with httpx.AsyncClient(base_url=url, trust_env=False, follow_redirects=True) as browser:
        assert (await browser.get("/health")).json() == {"status": "ok", "database": "ok"}
        assert "<h1>Blue Lamp</h1>" in (await browser.get("/")).text
        token = re.search(r'name="form" value="(\w+)"', (await browser.get("/login")).text)
        assert token
        form = {"form": token[1], "email": str(credentials["email"]), "password": password}
        dashboard = await browser.post("/login", data=form)
        assert dashboard.url.path == "/dashboard"
        assert "Administrator" in dashboard.text

    deployment_id = str(results["deployment_id"])
    data = bench.deployer.folder_of(deployment_id) / "data"
    assert (data / "application.sqlite").is_file()
    for command in bench.template.cleanup:
        await bench.run(command)
    assert not data.exists()
    assert bench.destination is not None
    assert not bench.destination.exists()
    assert bench.journal.rows == {}


@pytest.mark.parametrize("features", [[], ["admin_panel"]])
async def test_the_tests_of_every_other_combination_pass(features: list[JSON], bench: Bench, saas: Template) -> None:
    names = {"app_name": 'it\'s "all" {{ 7*7 }} </script> Ä\\', "tagline": "<b>'bold'</b> & \"quick\""}
    bench.inputs = validate_inputs(saas, {**names, "admin_email": "anna@example.com", "features": features})
    await bench.run("generate_files")
    report = await bench.run("run_tests")
    assert isinstance(report["passed"], int)
    assert report["passed"] > 40
