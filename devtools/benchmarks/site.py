"""A running site under measurement, the product or the anchor."""

import sys
from dataclasses import dataclass

from .processes import Program
from .sink import HOST

WEB_WORKERS = 2

READY_SECONDS = 60
LOOK_SECONDS = 0.05
"""How often the database is asked whether all is done."""
LEAST_MAILS_PER_SECOND = 25
"""Slower is given up."""


def gunicorn(application: str, port: int, *options: str) -> list[str]:
    """The command that serves it, as the Procfile does."""
    command = [sys.executable, "-m", "gunicorn", application, "--workers", str(WEB_WORKERS), "--threads", "4"]
    return [*command, "--bind", f"{HOST}:{port}", "--no-control-socket", *options]


@dataclass(frozen=True, slots=True)
class Site:
    port: int
    programs: tuple[Program, ...]

    @property
    def pids(self) -> list[int]:
        return [program.pid for program in self.programs]

    def check(self) -> None:
        """Raises BenchError when a process has ended."""
        for program in self.programs:
            program.check()
