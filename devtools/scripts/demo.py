"""Run all of SellerHub on one machine until Ctrl-C: `make demo`; `make demo-reset` deletes its data."""

import argparse
import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from devtools import embedded
from devtools.embedded import places
from devtools.embedded.locks import LockHeldError, lock
from devtools.sandbox.line import channels
from devtools.scripts import ports
from devtools.scripts.processes import ProcessEndedError, Processes

HOST = "127.0.0.1"
READY_SECONDS = 60
BOUNCE_DOMAIN = "bounce.sellerhub.example"
ROLES = {
    "primary": "primary user",
    "secondary": "secondary user of the same shop",
    "other_shop": "primary user of another shop",
    "operator": "operator, for /admin/",
    "second_operator": "operator who may only send broadcasts",
}


class DemoError(Exception):
    """The demo cannot go on; the message is for the user who started it."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m devtools.scripts.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget all data of the demo")
    arguments = parser.parse_args()
    os.chdir(places.BASE_DIR)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _stop)
    try:
        places.make_folders()
        with lock("demo", fcntl.LOCK_EX, seconds=0):
            if arguments.reset:
                reset()
            else:
                run()
    except LockHeldError:
        print("The demo is running already. Stop it with Ctrl-C first.", file=sys.stderr)
        return 1
    except (DemoError, ProcessEndedError, embedded.EmbeddedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


def reset() -> None:
    embedded.reset()
    for path in (demo_file(), cast_file(), *places.var_dir().glob("celerybeat-schedule*")):
        path.unlink(missing_ok=True)
    print("The data of the demo is gone.")


def run() -> None:
    """Start all processes, print the URLs, and check the processes until a signal arrives."""
    web = ports.listen(8000, "site", HOST)
    sandbox_web = ports.listen(8025, "sandbox", HOST)
    sandbox_smtp = ports.listen(2525, "mail server of the sandbox", HOST)
    bounces = ports.listen(2526, "site's side for mail that comes back", HOST)
    site_port, sandbox_port, smtp_port, bounce_port = (
        each.getsockname()[1] for each in (web, sandbox_web, sandbox_smtp, bounces)
    )
    # A name and not an IP address, because passkeys are bound to names.
    site, sandbox = f"http://localhost:{site_port}", f"http://localhost:{sandbox_port}"
    for name in places.SERVER_NAMES:
        os.environ.pop(name, None)  # the demo users' passwords are public, so never load them into another database
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "devtools.settings",
        "SELLERHUB_DEVELOPMENT": "1",
        "SITE_URL": site,
        "ALLOWED_HOSTS": f"localhost,{HOST}",
        "EMAIL_URL": f"smtp://{HOST}:{smtp_port}",
        "DEFAULT_FROM_EMAIL": "SellerHub <no-reply@sellerhub.example>",
        "BOUNCE_DOMAIN": BOUNCE_DOMAIN,
        **line_settings(sandbox),
    }
    with contextlib.ExitStack() as stack:
        stack.callback(embedded.stop)
        prepare()
        processes = stack.enter_context(Processes(places.log_dir()))
        sockets = ["--http-fd", str(sandbox_web.fileno()), "--smtp-fd", str(sandbox_smtp.fileno())]
        links = ["--line-webhook-url", f"http://{HOST}:{site_port}/line/webhook/"]
        links += ["--line-callback-url", f"{site}/line/callback/"]
        links += ["--bounces-to", f"{HOST}:{bounce_port}"]
        links += authenticators(json.loads(cast_file().read_text()))
        processes.start("sandbox", "devtools.sandbox", *sockets, *links, listeners=[sandbox_web, sandbox_smtp])
        taking = ["receive_bounces", "--fd", str(bounces.fileno())]
        processes.start("bounces", "manage", *taking, listeners=[bounces])
        processes.start("worker", "celery", "-A", "sellerhub", "worker", "-c", "2", "-l", "WARNING")
        schedule = str(places.var_dir() / "celerybeat-schedule")
        processes.start("beat", "celery", "-A", "sellerhub", "beat", "-l", "WARNING", "-s", schedule, "--pidfile=")
        # Threads, because browsers open connections in advance, each of which would block a worker.
        gunicorn = ["--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--no-control-socket"]
        gunicorn += ["--logger-class", "sellerhub.logs.gunicorn.Logger", "--bind", f"fd://{web.fileno()}"]
        processes.start("web", "gunicorn", "sellerhub.wsgi", *gunicorn, listeners=[web])
        wait_until(lambda: answers(f"http://{HOST}:{sandbox_port}/healthz"), processes, "sandbox")
        wait_until(lambda: answers(f"http://{HOST}:{site_port}/account/login/"), processes, "web")
        wait_until(lambda: greets(bounce_port), processes, "bounces")
        wait_until(worker_answers, processes, "worker")
        demo = {
            "site": site,
            "sandbox": sandbox,
            "line": f"{sandbox}/line/",
            "authenticator": f"{sandbox}/authenticator/",
            **json.loads(cast_file().read_text()),
        }
        write_privately(demo_file(), json.dumps(demo, ensure_ascii=False, indent=2) + "\n")
        tell(demo)
        try:
            while embedded.is_running():
                processes.check()
                time.sleep(1)
            said = (places.log_dir() / "embedded.log").read_text(errors="replace").splitlines()[-1:]
            raise DemoError(f"{' '.join(said)} See {places.log_dir()}.")
        except KeyboardInterrupt:
            print("\nStopping …", flush=True)
            raise


def line_settings(sandbox: str) -> dict[str, str]:
    """Return the LINE settings that point to the sandbox: both of LINE's hosts, and its pictures."""
    return {
        "LINE_CHANNEL_ID": channels.MESSAGING_CHANNEL_ID,
        "LINE_CHANNEL_SECRET": channels.MESSAGING_CHANNEL_SECRET,
        "LINE_LOGIN_CHANNEL_ID": channels.LOGIN_CHANNEL_ID,
        "LINE_LOGIN_CHANNEL_SECRET": channels.LOGIN_CHANNEL_SECRET,
        "LINE_FRIEND_URL": f"{sandbox}/line/add",
        "LINE_API_URL": sandbox,
        "LINE_ACCESS_URL": sandbox,
        "LINE_PICTURES_URL": sandbox,
    }


def authenticators(cast: dict[str, Any]) -> list[str]:
    """Return the sandbox's options for the users whose MFA codes it shows."""
    people = [user for user in cast["users"].values() if "totp_secret" in user]
    return [text for user in people for text in ("--authenticator", f"{user['email']}={user['totp_secret']}")]


def prepare() -> None:
    manage_steps = {
        "Preparing the database …": ["migrate", "--noinput"],
        "Loading the demo cast …": ["load_demo_cast", "--json", str(cast_file())],
    }
    step("Compiling the translations …", "devtools.scripts.translations", "compile")
    if static_files_changed():
        step("Collecting the static files …", "manage", "collectstatic", "--noinput")
    print("Starting PostgreSQL and Valkey …", flush=True)
    embedded.ensure_running()
    for sentence, command in manage_steps.items():
        step(sentence, "manage", *command)


def step(sentence: str, module: str, *arguments: str) -> None:
    print(sentence, flush=True)
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise DemoError(f"{module} {arguments[0]} failed:\n{done.stdout}{done.stderr}")


def static_files_changed() -> bool:
    manifest = places.BASE_DIR / "staticfiles" / "staticfiles.json"
    if not manifest.exists():
        return True
    sources = [places.BASE_DIR / "requirements.txt", *(places.BASE_DIR / "sellerhub" / "settings").glob("*.py")]
    for folder in places.BASE_DIR.glob("*/static"):
        sources += [folder, *folder.rglob("*")]
    return any(path.stat().st_mtime > manifest.stat().st_mtime for path in sources)


def wait_until(ready: Callable[[], bool], processes: Processes, name: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not ready():
        processes.check()
        if time.monotonic() > deadline:
            raise DemoError(f"{name} does not answer.\n{processes.end_of_log(name)}")
        time.sleep(0.2)


def answers(url: str) -> bool:
    request = urllib.request.Request(url, headers={"Accept": "*/*"})  # noqa: S310 (our own address)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
            return int(response.status) == 200
    except (urllib.error.URLError, OSError):
        return False


def greets(port: int) -> bool:
    """Return whether an SMTP server greets on this port."""
    try:
        with socket.create_connection((HOST, port), timeout=5) as connection:
            return connection.recv(4) == b"220 "
    except OSError:
        return False


def worker_answers() -> bool:
    from sellerhub.celery import app  # slow import, and only once the environment is set

    return bool(app.control.ping(timeout=1, limit=1))


def tell(demo: dict[str, Any]) -> None:
    lines = ["", f"  Site     {demo['site']}", f"  Sandbox  {demo['sandbox']}  (all e-mail arrives here)"]
    lines += [f"  LINE     {demo['line']}  (phones with LINE on them)"]
    lines += [f"  Codes    {demo['authenticator']}  (the operators' authenticator apps)", ""]
    for role, meaning in ROLES.items():
        user = demo["users"][role]
        lines.append(f"  {user['email']:<28} {user['password']:<24} {meaning}")
    lines += ["", f"  For scripts: {demo_file()}", f"  Logs: {places.log_dir()}", "  Ctrl-C stops everything.", ""]
    print("\n".join([*lines, "SellerHub is ready"]), flush=True)


def demo_file() -> Path:
    return places.var_dir() / "demo.json"


def cast_file() -> Path:
    return places.var_dir() / "demo-cast.json"


def write_privately(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
        file.write(text)


def _stop(*_: object) -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # ignore further signals, so that the shutdown completes
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
