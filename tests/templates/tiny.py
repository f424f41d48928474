"""A small manifest without faults, and a folder for it."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent

TINY = """\
{
  "template": {
    "metadata": {
      "id": "tiny",
      "name": "Tiny",
      "version": "1.0.0",
      "description": "A template for tests",
      "author": "us",
      "category": "tools",
      "complexity": "beginner",
      "estimated_time_minutes": 1,
      "estimated_cost": { "min": 0, "max": 1 }
    },
    "configuration": {
      "required_inputs": [
        {
          "key": "app_name",
          "type": "string", "label": "Name",
          "validation": "^.{3,50}$"
        },
        {
          "key": "size", "type": "string", "label": "Size",
          "options": ["small", "big"], "default": "small"
        },
        { "key": "domain", "type": "string", "label": "Domain", "optional": true }
      ],
      "deployment_config": { "provider": "local", "environment": "production" }
    },
    "files": [
      { "folder": "files" },
      { "folder": "more", "when": { "size": "big" } }
    ],
    "execution_steps": [
      {
        "step_id": 1, "name": "Generate Files",
        "type": "system_call", "command": "generate_files",
        "expected_output": "made",
        "timeout_minutes": 1
      },
      {
        "step_id": 2,
        "name": "Run Tests",
        "type": "system_call", "command": "run_tests",
        "parameters": { "snapshot": "{{made.snapshot}}", "digest": "{{made.digest}}" },
        "depends_on": ["generate_files"],
        "expected_output": "report"
      },
      {
        "step_id": 3,
        "name": "Deploy",
        "type": "system_call",
        "command": "deploy_application",
        "parameters": {
          "snapshot": "{{made.snapshot}}",
          "name": "{{app_name}}",
          "digest": "{{made.digest}}"
        },
        "depends_on": ["report"],
        "expected_output": "deployed"
      },
      {
        "step_id": 4, "name": "Verify Health",
        "type": "system_call",
        "command": "verify_health",
        "depends_on": ["deploy"]
      }
    ],
    "outputs": {
      "url": "{{deployed.app_url}}",
      "tests": "{{report.passed}}"
    },
    "success_criteria": {
      "required_outputs": ["url", "tests"],
      "health_checks": [
        { "type": "http_response", "url": "{{url}}/health" }
      ]
    },
    "cleanup_on_failure": ["delete_deployment", "remove_files"]
  }
}
"""


def write(folder: Path, manifest: str, files: dict[str, str] | None = None) -> Path:
    """Write a manifest as the template `tiny`, with a file in each folder it names."""
    template = folder / "tiny"
    bodies = {"files/a.txt": "a", "more/b.txt": "b", "same/a.txt": "other", **(files or {})}
    for name, body in bodies.items():
        path = template / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, "utf-8")
    (template / "template.json").write_text(manifest, "utf-8")
    return template
