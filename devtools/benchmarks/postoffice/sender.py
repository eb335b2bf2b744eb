"""Sends what is queued, again and again: `python -m devtools.benchmarks.postoffice.sender PROCESSES`."""

import os
import sys
import time

import django
from django.core.management import call_command

PAUSE_SECONDS = 0.05


def main(processes: int) -> None:
    django.setup()
    while True:
        call_command("send_queued_mail", processes=processes, lockfile=f"/tmp/bench-{os.getpid()}")
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]))
