"""The command line, as somebody meets it who has set nothing."""

import os
import subprocess
import sys

from sellerhub.embedded import places
from tests.waiting import LIMIT_SECONDS


def test_missing_settings_are_told_in_a_sentence():
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}

    ended = subprocess.run(
        [sys.executable, "manage.py", "notify", "--help"],
        cwd=places.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )

    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        "Set SITE_URL to the address that sellers open, such as https://sellers.example.jp",
        "Beside the demo, every command wants SELLERHUB_DEVELOPMENT=1 in front.",
    ]
