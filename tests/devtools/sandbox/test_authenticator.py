"""The authenticator app of the sandbox: RFC 6238's own examples, and the page."""

import json
import subprocess
import sys
import urllib.request

import pytest

from devtools.sandbox.authenticator import Secret
from tests.waiting import LIMIT_SECONDS

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("now", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_the_standard(now: int, code: str) -> None:
    assert Secret("rfc", RFC_SECRET).code(now) == code


@pytest.mark.parametrize("text", ["", "omar", "omar=", "=" + RFC_SECRET, "omar=not base 32!"])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (argparse says it better)
        Secret.parse(text)


def test_the_page_and_the_scripts_see_the_same() -> None:
    command = [sys.executable, "-m", "devtools.sandbox", "--smtp-port", "0", "--http-port", "0"]
    command += ["--authenticator", f"omar@ok.test={RFC_SECRET}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = f"http://127.0.0.1:{json.loads(process.stdout.readline())['http_port']}"
        [told] = json.load(urllib.request.urlopen(f"{url}/api/authenticator", timeout=LIMIT_SECONDS))  # noqa: S310 (our own address)
        page = urllib.request.urlopen(f"{url}/authenticator/", timeout=LIMIT_SECONDS).read().decode()  # noqa: S310
        process.terminate()

    assert (told["name"], len(told["code"]), 0 < told["seconds"] <= 30) == ("omar@ok.test", 6, True)
    assert "omar@ok.test" in page
    assert RFC_SECRET not in page
