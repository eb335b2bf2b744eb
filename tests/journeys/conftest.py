"""A real browser against the running site, with real mail on the wire."""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from accounts.models import User
from devtools.embedded import places
from devtools.scripts.browser import find
from tests.waiting import LIMIT_SECONDS

WIDE, NARROW = (1280, 900), (375, 800)
TIMEOUT_MS = LIMIT_SECONDS * 1000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium. Without any the journeys are skipped, and fail when CI=true."""
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=find(), args=options)
        except Error as error:
            reason = f"NO BROWSER: the journeys did not run. {str(error).splitlines()[0]}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        yield chromium
        chromium.close()


@pytest.fixture
def site(live_server, settings, mailbox) -> str:
    """The address of the running site."""
    settings.SITE_URL = live_server.url
    return live_server.url


class Mailbox(MessageHandler):
    """Keeps what was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.messages = []

    def handle_message(self, message) -> None:
        self.messages.append(message)

    def text_to(self, email: str) -> str:
        """The text part of the latest mail to an address."""
        found = [message for message in self.messages if message["To"] == email]
        assert found, f"no mail to {email}"
        part = next(part for part in found[-1].walk() if part.get_content_type() == "text/plain")
        return part.get_payload(decode=True).decode()


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """An SMTP server that accepts everything, and the site sends to it."""
    port = free_port()
    handler = Mailbox()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield handler
    server.stop()


@pytest.fixture
def open_browser(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`open_browser(user, size=NARROW)`: a page with its own cookies, signed in when a user is given."""
    contexts: list[BrowserContext] = []

    def open_page(user: User | None = None, *, size: tuple[int, int] = WIDE, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": size[0], "height": size[1]},
            locale=user.language if user else "ja",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site, "httpOnly": True}]
            )
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def check_page() -> Callable[..., None]:
    """`check_page(page, "name")`: axe finds nothing, nothing is wider than the window.

    With SCREENSHOTS=1 it leaves a picture in `var/…/screenshots`, for people to look at.
    """

    def check(page: Page, name: str) -> None:
        size = page.viewport_size
        language = page.locator("html").get_attribute("lang")
        if os.environ.get("SCREENSHOTS") == "1":
            folder = places.var_dir() / "screenshots"
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}-{language}-{size['width']}.png", full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name} ({language}): {found.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name} ({language}) is {width} px wide in a window of {size['width']} px"

    return check
