"""Every list of the admin site with every filter it offers, among a million notifications."""

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from accounts.auth import mfa
from accounts.models import SellerAccount
from notifications.models import Delivery

from . import admin_world
from .sink import HOST

FULL, QUICK = 1_000_000, 20_000
ROUNDS = 5
_APPS = ("account", "accounts", "notifications")
_SECRET = "BENCHMARKBENCHMARKBENCHMARKBENCH"  # opens nothing outside this bench


@dataclass(frozen=True, slots=True)
class Figures:
    """One page: all of it, as the operator's browser gets it."""

    what: str
    median_ms: float
    slowest_ms: float


def measure(count: int) -> list[Figures]:
    """Fill the tables and open each page several times, in turns."""
    operator = admin_world.fill(count)
    mfa.set_up_app(operator, _SECRET)
    client = Client(SERVER_NAME=HOST)
    client.force_login(operator, settings.AUTHENTICATION_BACKENDS[0])
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, operator, "mfa", type="totp")  # as if they had typed the code of their app
    request.session.save()
    addresses = dict(_addresses(client))
    print(f"  {len(addresses)} pages", file=sys.stderr, flush=True)
    took: dict[str, list[float]] = {what: [] for what in addresses}
    for number in range(1 + ROUNDS):
        for what, address in addresses.items():
            started = time.perf_counter()
            response = client.get(address)
            if number:  # the first round only warms up
                took[what].append((time.perf_counter() - started) * 1000)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")
    return [Figures(what, statistics.median(times), max(times)) for what, times in took.items()]


def _addresses(client: Client) -> Iterator[tuple[str, str]]:
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in _APPS:
            continue
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        url = reverse(f"admin:{name}_changelist")
        yield name, url
        shown = client.get(url).context_data["cl"]
        for spec in shown.filter_specs:
            for choice in list(spec.choices(shown))[1:]:
                query = choice["query_string"]
                yield f"{name} {query}", url + query
        if model_admin.search_fields:
            yield f"{name} ?q=a seller", f"{url}?q={admin_world.SELLER_ID}"
            yield f"{name} ?q=nobody", f"{url}?q=nobody@nowhere.example"
        if (last := shown.paginator.num_pages) > 1:
            yield f"{name}, the last page", f"{url}?p={last}"
    yield from _combined()
    yield from _pages()


def _combined() -> Iterator[tuple[str, str]]:
    """What finds next to nothing in two million rows."""
    url = reverse("admin:notifications_delivery_changelist")
    for query in (
        "status__exact=sent&channel__exact=line&notification__type__exact=emergency_notice",
        "status__exact=failed&channel__exact=line&cause=blocked_by_provider",
        "status__exact=queued&channel__exact=line&age=month",
        "age=month&notification__type__exact=payout_failed",
        "cause=recalled",
    ):
        yield f"deliveries ?{query}", f"{url}?{query}"
    some = Delivery.objects.filter(address__isnull=False).order_by("pk").first()
    assert some is not None
    yield "deliveries of an address", f"{url}?address__id__exact={some.address_id}"
    yield "a delivery by its ID", f"{url}?q={some.pk}"


def _pages() -> Iterator[tuple[str, str]]:
    account: Any = SellerAccount.objects.get(public_id=admin_world.SELLER_ID)
    group = "status=failed&channel=email&cause=mailbox_full&words="
    yield "a seller's page", reverse("admin:accounts_selleraccount_change", args=[account.pk])
    for name in ("index", "dead_letters", "failing_domains", "webhook_log", "emergency_calls"):
        yield name, reverse(f"admin:{name}")
    yield "retry_dead_letters", f"{reverse('admin:retry_dead_letters')}?{group}"
