"""`python -m backend_team.lsp`: the language server."""

from __future__ import annotations

import gc
import os
import sys

if __name__ == "__main__":
    gc.disable()  # until all is loaded: collections would take a fifth of the start and find nothing
    # Editors start us inside the workspace: nothing of it may stand in for a module, here or in a worker.
    if sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - compared as text
        del sys.path[0]
    os.chdir(sys.prefix)
    try:
        from backend_team.lsp.server import main
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("backend_team"):
            raise
        message = f"the package {error.name} is missing; install the server with: pip install 'ai-backend-team[lsp]'"
        sys.exit(message)
    sys.exit(main())
