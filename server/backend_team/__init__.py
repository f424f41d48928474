"""AI Backend Team as a library: `check_source`, `fix_source`, `check_paths`. What is asked for is loaded then."""

from __future__ import annotations

TYPE_CHECKING = False  # not from `typing`: nothing is imported before `lsp` has cleared the path of the workspace

if TYPE_CHECKING:
    from backend_team.errors import BackendTeamError
    from backend_team.findings import Finding, Fix, Problem, Safety, Severity, Withheld
    from backend_team.library import FixResult, Location, Report, check_paths, check_source, fix_source
    from backend_team.settings import Settings

__all__ = [
    "BackendTeamError",
    "Finding",
    "Fix",
    "FixResult",
    "Location",
    "Problem",
    "Report",
    "Safety",
    "Settings",
    "Severity",
    "Withheld",
    "__version__",
    "check_paths",
    "check_source",
    "fix_source",
]

__version__: str

_HOMES = {
    "BackendTeamError": "errors",
    "Settings": "settings",
    **dict.fromkeys(("Finding", "Fix", "Problem", "Safety", "Severity", "Withheld"), "findings"),
    **dict.fromkeys(("FixResult", "Location", "Report", "check_paths", "check_source", "fix_source"), "library"),
}


def __getattr__(name: str) -> object:
    """Load a name when it is first asked for: importing one part must not pay for the others."""
    if name == "__version__":
        from backend_team.version import VERSION

        value: object = VERSION
    elif name in _HOMES:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
