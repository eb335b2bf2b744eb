#!/usr/bin/env python
"""Django's command line for SellerHub."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sellerhub.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}\nOn one machine, set DJANGO_SETTINGS_MODULE=devtools.settings.")


if __name__ == "__main__":
    main()
