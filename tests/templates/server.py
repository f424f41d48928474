"""A small application for the provider's tests: answers /health, and misbehaves as told by files in its home.

Only the standard library, so that it starts at once. `python -m tests.templates.server` is never run from here: its
text is copied into a snapshot.
"""

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOME = Path(os.environ["HOME"])
MODE = os.environ.get("MODE", "well")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/crash":
            os._exit(3)
        healthy = MODE != "ill"
        body = json.dumps({"pid": os.getpid(), "environment": dict(os.environ), "child": CHILD}).encode()
        self.send_response(200 if healthy else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


if MODE == "crash" or (HOME / "crash").exists():
    print("the reason of the crash")
    sys.exit("cannot go on")
if MODE == "stubborn":
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if MODE == "raced" and not (HOME / "thief.pid").exists():
    # Somebody else takes the port first, in a session of their own.
    listen = """
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print(flush=True)
while True:
    server.accept()
"""
    thief = subprocess.Popen(
        [sys.executable, "-c", listen, os.environ["PORT"]], stdout=subprocess.PIPE, start_new_session=True, cwd="/"
    )
    thief.stdout.readline()
    (HOME / "thief.pid").write_text(str(thief.pid))
CHILD = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid if MODE == "parent" else None
print("listening", flush=True)
ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
