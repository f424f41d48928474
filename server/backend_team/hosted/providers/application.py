"""The folder of one deployed application: its code, environment, data, secrets, log and the record of its process."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_team.errors import StepError
from backend_team.hosted.providers.commands import clean_environment
from backend_team.hosted.providers.processes import Identity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOG_LIMIT = 10_000_000
TAIL_BYTES = 8_000
TAIL_LINES = 20


@dataclass(frozen=True, slots=True)
class Process:
    """What is known of the application's process: who it is, and its port on loopback."""

    identity: Identity
    port: int


@dataclass(frozen=True, slots=True)
class Application:
    """A deployed application by its folder; whatever is in it is removed with it."""

    folder: Path

    @property
    def code(self) -> Path:
        """The application's files, a copy of the snapshot."""
        return self.folder / "application"

    @property
    def environment_folder(self) -> Path:
        """Its virtual environment."""
        return self.folder / "environment"

    @property
    def data(self) -> Path:
        """Its database and its home."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.folder / "application.log"

    @property
    def pid_file(self) -> Path:
        """The pid its process wrote itself."""
        return self.folder / "process.pid"

    @property
    def url_path(self) -> str:
        """Where it answers that it is well."""
        return "/health"

    def install(self, snapshot: Path) -> None:
        """Copy the snapshot, whole or not at all; a copy that is there stays."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.code.is_dir():
            return
        half = self.folder / "application.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(snapshot, half, copy_function=shutil.copyfile)
        half.replace(self.code)

    def keep_environment(self, given: Mapping[str, str]) -> None:
        """Keep the variables of the application, readable to its owner only. What was kept before stays as it is."""
        provided = {
            "DATABASE_URL": f"sqlite:///{self.data / 'application.sqlite'}",
            "SECRET_KEY": secrets.token_urlsafe(32),
        }
        write_private(self.folder / "environment.json", {**provided, **given, **self._kept()})

    def variables(self, port: int) -> dict[str, str]:
        """The environment its process gets: its own variables and nothing of ours."""
        own = {
            "PATH": f"{self.environment_folder / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "VIRTUAL_ENV": str(self.environment_folder),
            "HOME": str(self.data),
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }
        return clean_environment(**{**self._kept(), **own})

    def command(self, port: int) -> list[str]:
        """How it is started: the `web` line of its Procfile, as Heroku and Railway read it.

        Raises `StepError` when there is none.
        """
        with suppress(OSError):
            for line in (self.code / "Procfile").read_text("utf-8").splitlines():
                kind, _, command = line.partition(":")
                if kind.strip() == "web" and command.strip():
                    words = [word.replace("$PORT", str(port)) for word in shlex.split(command)]
                    program = self.environment_folder / "bin" / words[0]
                    return [str(program) if program.exists() else words[0], *words[1:]]
        raise StepError("the application can't be started", hint='its Procfile has no line "web: …"')

    def remember(self, process: Process) -> None:
        """Note who its process is."""
        record = {"pid": process.identity.pid, "started": process.identity.started, "port": process.port}
        write_private(self.folder / "process.json", record)

    def remembered(self) -> Process | None:
        """Who its process was when last noted."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads((self.folder / "process.json").read_text("utf-8"))
            return Process(Identity(int(record["pid"]), str(record["started"])), int(record["port"]))
        return None

    def tail(self) -> str:
        """The last lines of its log."""
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-TAIL_LINES:])
        return ""

    def turn_log(self) -> None:
        """Keep the log from growing without end: one old part is kept."""
        with suppress(OSError):
            if self.log.stat().st_size > LOG_LIMIT:
                self.log.replace(self.log.with_suffix(".log.1"))

    def remove(self) -> None:
        """Remove the folder with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _kept(self) -> dict[str, str]:
        with suppress(OSError, ValueError):
            kept = json.loads((self.folder / "environment.json").read_text("utf-8"))
            return {str(name): str(value) for name, value in kept.items()}
        return {}


def write_private(path: Path, value: object) -> None:
    """Write JSON that only its owner can read, whole or not at all."""
    half = path.with_name(f"{path.name}.half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
