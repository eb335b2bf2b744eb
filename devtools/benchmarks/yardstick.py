"""The yardstick: sends prebuilt mails by bare smtplib.

`python -m devtools.benchmarks.yardstick PORT EVENTS PROCESSES`
Nothing is looked up, rendered, stored or recorded: one connection a process, one mail after the other. It says
ready, waits for go, sends, says done.
"""

import multiprocessing
import smtplib
import sys
from collections.abc import Sequence
from email.utils import parseaddr
from multiprocessing.synchronize import Event

import django

HOST = "127.0.0.1"


def main(port: int, count: int, processes: int) -> None:
    django.setup()

    from . import mails

    built = list(mails.prebuilt(count))
    sender = parseaddr(mails.SENDER)[1]
    context = multiprocessing.get_context("fork")
    go = context.Event()
    senders = [
        context.Process(target=send, args=(go, port, sender, built[share::processes]), daemon=True)
        for share in range(processes)
    ]
    for process in senders:
        process.start()
    print("ready", sum(len(mail) for _, mail in built) // len(built), flush=True)
    sys.stdin.readline()
    go.set()
    for process in senders:
        process.join()
        if process.exitcode:
            sys.exit("A sending process failed.")
    print("done", len(built), flush=True)
    sys.stdin.readline()


def send(go: Event, port: int, sender: str, built: Sequence[tuple[str, bytes]]) -> None:
    with smtplib.SMTP(HOST, port, timeout=30) as connection:
        connection.ehlo()
        go.wait()
        for recipient, mail in built:
            connection.sendmail(sender, [recipient], mail)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
