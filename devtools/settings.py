"""Settings for one machine: those of the product, with servers from wheels where the environment names none.

Importing this starts PostgreSQL and Valkey, or joins those that run. They stop when the last process that uses
them ends.
"""

import os

os.environ.setdefault("SELLERHUB_DEVELOPMENT", "1")

from devtools import embedded

embedded.provide_servers()

from sellerhub.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "devtools"]  # noqa: F405
