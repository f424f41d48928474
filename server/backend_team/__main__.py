"""`python -m backend_team` is `backend-team`."""

import sys

from backend_team.cli.main import main

sys.exit(main())
