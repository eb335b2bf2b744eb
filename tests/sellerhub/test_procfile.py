"""The commands that production runs."""

import shlex
from pathlib import Path

from gunicorn.config import Config

PROCFILE = Path(__file__).resolve().parents[2] / "Procfile"


def test_the_web_process_is_bounded_and_its_options_exist():
    [command] = [line for line in PROCFILE.read_text().splitlines() if line.startswith("web: gunicorn ")]
    arguments = shlex.split(command.removeprefix("web: gunicorn "))
    chosen = {"--workers": "2", "--bind": "127.0.0.1:8000"}
    for option, value in chosen.items():
        arguments[arguments.index(option) + 1] = value  # the shell fills these in

    web = vars(Config().parser().parse_args(arguments))

    assert web["args"] == ["sellerhub.wsgi"]
    assert (web["threads"], web["timeout"]) == (4, 30)
    assert (web["max_requests"], web["max_requests_jitter"]) == (10_000, 1000)
    assert web["control_socket_disable"] is True
    assert web["accesslog"] is None
    assert web["logger_class"] == "sellerhub.logs.gunicorn.Logger"
