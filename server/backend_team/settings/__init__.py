"""Settings: one frozen `Settings` for each file, from the nearest `backend-team.toml` or `pyproject.toml`."""

from backend_team.settings.model import ALL, DEFAULT, SEVERITIES, STAND_DOWN, Choice, PathChoice, Settings
from backend_team.settings.names import unknown_name, unknown_names
from backend_team.settings.reading import OWN_FILE, PROJECT_FILE
from backend_team.settings.resolver import Resolver
from backend_team.settings.state import state_folder

__all__ = [
    "ALL",
    "DEFAULT",
    "OWN_FILE",
    "PROJECT_FILE",
    "SEVERITIES",
    "STAND_DOWN",
    "Choice",
    "PathChoice",
    "Resolver",
    "Settings",
    "state_folder",
    "unknown_name",
    "unknown_names",
]
