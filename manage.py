#!/usr/bin/env python
"""Django's command line for SellerHub."""

import os
import sys

NEEDS_NO_SERVER = {"makemigrations", "collectstatic", "preview_messages", "help", "--help", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        if len(sys.argv) > 1 and sys.argv[1] not in NEEDS_NO_SERVER:
            from sellerhub.settings import ensure_servers  # the settings, not before the line that names them

            ensure_servers()
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}\nBeside the demo, every command wants SELLERHUB_DEVELOPMENT=1 in front.")


if __name__ == "__main__":
    main()
