"""One table, all of one run: `python -m devtools.benchmarks [--json] [--quick] [PART]`."""

import argparse
import fcntl
import importlib.util
import signal
import sys

from devtools.embedded.locks import LockHeldError, lock
from devtools.embedded.places import EmbeddedError, make_folders

from . import places
from .processes import BenchError

PARTS = ("mail", "latency", "line", "pages", "log", "admin", "hostile", "storm", "all")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devtools.benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, default="all")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, once: only to see that it runs")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if not sys.platform.startswith("linux"):
        print("The bench reads /proc, so it needs Linux.", file=sys.stderr)
        return 1
    if arguments.part in ("mail", "all") and importlib.util.find_spec("post_office") is None:
        print("The peer is missing: pip install -r requirements-bench.txt", file=sys.stderr)
        return 1
    try:
        places.use_own_servers()
        make_folders()
        with lock("bench", fcntl.LOCK_EX, seconds=0):
            _run(arguments.part, quick=arguments.quick, as_json=arguments.json)
    except LockHeldError:
        print("Another bench is running.", file=sys.stderr)
        return 1
    except (BenchError, EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _run(part: str, *, quick: bool, as_json: bool) -> None:
    import django  # only now: settings are read from the environment

    django.setup()

    from . import admin, hostile, latency, line, log, mail, pages, product, servers, storm, table, webhooks

    print("Starting PostgreSQL and Valkey, preparing the tables …", file=sys.stderr, flush=True)
    servers.start()
    product.prepare()
    results = table.Results()
    if part in ("mail", "all"):
        print("Mail …", file=sys.stderr, flush=True)
        results.mails, results.mail_bytes = mail.measure(mail.QUICK if quick else mail.FULL)
    if part in ("latency", "all"):
        print("A far relay …", file=sys.stderr, flush=True)
        results.far_relay = latency.measure(latency.QUICK if quick else latency.FULL)
    if part in ("line", "all"):
        print("LINE …", file=sys.stderr, flush=True)
        results.pushes = line.measure(line.QUICK if quick else line.FULL)
        results.webhook = webhooks.measure(webhooks.QUICK if quick else webhooks.FULL)
    if part in ("pages", "all"):
        print("Pages …", file=sys.stderr, flush=True)
        results.pages = pages.measure(pages.QUICK if quick else pages.FULL)
    if part in ("log", "all"):
        print("A long log …", file=sys.stderr, flush=True)
        results.long_log = log.measure(log.QUICK if quick else log.FULL)
    if part in ("admin", "all"):
        print("Lists of operators …", file=sys.stderr, flush=True)
        results.admin_pages = admin.measure(admin.QUICK if quick else admin.FULL)
    if part in ("hostile", "all"):
        print("Hostile mails …", file=sys.stderr, flush=True)
        results.hostile_mails = hostile.measure(hostile.QUICK if quick else hostile.FULL)
    if part in ("storm", "all"):
        print("A storm of events …", file=sys.stderr, flush=True)
        results.storms = storm.measure(storm.QUICK if quick else storm.FULL)
    print(table.as_json(results) if as_json else table.as_text(results))


if __name__ == "__main__":
    sys.exit(main())
