"""The state folder: what must survive a restart lives there."""

from __future__ import annotations

import os
from pathlib import Path


def state_folder() -> Path:
    """The folder for what must survive a restart, readable by its owner only; made when absent.

    `BACKEND_TEAM_STATE_DIR` chooses another than the platform's.
    """
    chosen = os.environ.get("BACKEND_TEAM_STATE_DIR")
    if chosen:
        folder = Path(chosen).expanduser().absolute()
    else:
        from platformdirs import user_data_dir

        folder = Path(user_data_dir("ai-backend-team", appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
