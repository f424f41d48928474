"""`python -m backend_team.lsp`: the language server."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from backend_team.lsp.server import main
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("backend_team"):
            raise
        message = f"the package {error.name} is missing; install the server with: pip install 'ai-backend-team[lsp]'"
        sys.exit(message)
    sys.exit(main())
