"""The small site's tables, filled as in a shop that has been running for a while, and analysed."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from post_office.models import STATUS, Email, EmailTemplate

from .. import events
from .models import Destination, Preference, Shop

TYPES = (events.TYPE, *events.OTHER_TYPES)
OLD_MAILS = 20_000


def fill(subject: str, text: str, html: str) -> None:
    """Empty every table and write shops, their choices, the template and an earlier life."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        names = ", ".join(connection.ops.quote_name(name) for name in tables if name != "django_content_type")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        _write(subject, text, html)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _write(subject: str, text: str, html: str) -> None:
    EmailTemplate.objects.create(name=events.TYPE, subject=subject, content=text, html_content=html)
    shops = Shop.objects.bulk_create(
        Shop(public_id=events.seller_id(shop), name=events.shop_name(shop)) for shop in range(events.SHOPS)
    )
    preferences = Preference.objects.bulk_create(Preference(shop=shop, type=kind) for shop in shops for kind in TYPES)
    Destination.objects.bulk_create(
        Destination(preference=preference, address=address)
        for place, preference in enumerate(preferences)
        for address in events.addresses(place // len(TYPES))
    )
    then = timezone.now() - timedelta(days=30)
    Email.objects.bulk_create(
        (
            Email(
                from_email="no-reply@sellerhub.example",
                to=[f"old{number}@sellers.example"],
                subject=subject,
                message=text[:200],
                status=STATUS.sent,
                created=then,
            )
            for number in range(OLD_MAILS)
        ),
        batch_size=5000,
    )
