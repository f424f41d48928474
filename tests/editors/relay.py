"""Stands between an editor and its server, and keeps what the editor sends as `initialize`.

`python -m tests.editors.relay lsp` runs in the place of `backend-team lsp`. It is kept in the file that
EDITOR_INITIALIZE names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path


def main() -> int:
    """Run the server with these arguments; its exit code."""
    command = [sys.executable, "-m", "backend_team.cli.main", *sys.argv[1:]]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as server:
        threading.Thread(target=_hand_on, args=(server,), daemon=True).start()
        return server.wait()


def _hand_on(server: subprocess.Popen[bytes]) -> None:
    assert server.stdin is not None
    seen, kept = b"", False
    while chunk := os.read(0, 1 << 16):
        if not kept:
            seen += chunk
            kept = _keep(seen)
        server.stdin.write(chunk)
        server.stdin.flush()
    server.stdin.close()


def _keep(seen: bytes) -> bool:
    """Write the first message, when it is complete."""
    head, _, body = seen.partition(b"\r\n\r\n")
    sizes = [line.partition(b":")[2] for line in head.splitlines() if line.lower().startswith(b"content-length:")]
    if not sizes or len(body) < int(sizes[0]):
        return False
    message = json.loads(body[: int(sizes[0])])
    assert message["method"] == "initialize"
    Path(os.environ["EDITOR_INITIALIZE"]).write_text(json.dumps(message["params"]))
    return True


if __name__ == "__main__":
    sys.exit(main())
