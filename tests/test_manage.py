"""The command line, as somebody meets it who has set nothing."""

import os
import subprocess
import sys

from devtools.embedded import places


def test_missing_settings_are_told_in_a_sentence():
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}

    ended = subprocess.run(
        [sys.executable, "manage.py", "notify", "--help"],
        cwd=places.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "Set SITE_URL to the address that sellers open, such as https://sellers.example.jp",
        "On one machine, set DJANGO_SETTINGS_MODULE=devtools.settings.",
    ]
