"""Makes and fills the small site's tables: `python -m devtools.benchmarks.postoffice.prepare TEMPLATES`."""

import json
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main(templates: Path) -> None:
    django.setup()

    from . import tables

    call_command("migrate", run_syncdb=True, verbosity=0)
    tables.fill(**json.loads(templates.read_text()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
