"""The product's own tables, filled as in a shop that has been running for a while, and analysed.

On freshly emptied tables PostgreSQL plans for emptiness, and the figures would be those of no real database.
"""

from datetime import timedelta
from itertools import islice

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership, Plan, SellerAccount, User
from accounts.roles import Role
from notifications.ingest.api_keys import add_source
from notifications.models import (
    Address,
    Delivery,
    LineLink,
    LineUser,
    Notification,
    Preference,
    PreferenceAddress,
    Source,
)
from notifications.types.enums import AddressState, Channel, DeliveryStatus, LinkOrigin, LinkState

from . import events

OLD_NOTIFICATIONS = 10_000
_APPS = ("accounts", "notifications", "account", "mfa", "usersessions", "sessions")


@transaction.atomic
def fill() -> str:
    """Empty every table, write shops with their choices and an earlier life; returns the key of a source."""
    _empty()
    accounts = SellerAccount.objects.bulk_create(
        SellerAccount(
            public_id=events.seller_id(shop),
            name=events.shop_name(shop),
            plan=Plan.PROFESSIONAL,
            language="ja",
        )
        for shop in range(events.SHOPS)
    )
    users = User.objects.bulk_create(
        User(email=f"primary{shop}@sellers.example", name="山田 花子", password="!") for shop in range(events.SHOPS)
    )
    Membership.objects.bulk_create(
        Membership(account=account, user=user, role=Role.PRIMARY) for account, user in zip(accounts, users, strict=True)
    )
    addresses = _choices(accounts)
    source, key = add_source("Benchmark")
    _earlier_life(source, accounts, addresses)
    return key


def link_to_line() -> None:
    """Every shop's primary user has linked a LINE account of their own, which has ours as a friend."""
    now = timezone.now()
    owners = list(Membership.objects.filter(role=Role.PRIMARY).values_list("account_id", "user_id"))
    people = LineUser.objects.bulk_create(
        LineUser(user_id=f"U{account_id:032x}", name="花子", language="ja", profile_at=now, followed_at=now)
        for account_id, _user_id in owners
    )
    LineLink.objects.bulk_create(
        LineLink(
            account_id=account_id,
            line_user=person,
            linked_by_id=user_id,
            way=LinkOrigin.CHAT,
            state=LinkState.LIVE,
        )
        for person, (account_id, user_id) in zip(people, owners, strict=True)
    )


def analyse() -> None:
    """VACUUM and ANALYZE; not inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def crowd_centre(account: SellerAccount, count: int) -> None:
    """This many notifications in one account's notification centre, without deliveries."""
    source = Source.objects.get()
    now = timezone.now()
    Notification.objects.bulk_create(
        (
            Notification(
                account=account,
                source=source,
                event_id=f"crowd-{number}",
                type=events.TYPE,
                occurred_at=now - timedelta(minutes=number),
                data=events.order(50_000_000 + number),
                references=events.order(50_000_000 + number)["order_id"],
            )
            for number in range(count)
        ),
        batch_size=2000,
    )


def _choices(accounts: list[SellerAccount]) -> list[list[Address]]:
    addresses = [
        [
            Address(account=account, email=email, state=AddressState.ACTIVE, confirmed_at=timezone.now())
            for email in events.addresses(shop)
        ]
        for shop, account in enumerate(accounts)
    ]
    Address.objects.bulk_create(address for named in addresses for address in named)
    preferences = Preference.objects.bulk_create(
        Preference(account=account, type=kind, email=True)
        for account in accounts
        for kind in (events.TYPE, *events.OTHER_TYPES)
    )
    types = 1 + len(events.OTHER_TYPES)
    PreferenceAddress.objects.bulk_create(
        PreferenceAddress(preference=preference, address=address, position=position)
        for place, preference in enumerate(preferences)
        for position, address in enumerate(addresses[place // types])
    )
    return addresses


def _earlier_life(source: Source, accounts: list[SellerAccount], addresses: list[list[Address]]) -> None:
    then = timezone.now() - timedelta(days=30)
    numbers = iter(range(OLD_NOTIFICATIONS))
    while chunk := list(islice(numbers, 2000)):
        old = Notification.objects.bulk_create(
            Notification(
                account=accounts[number % events.SHOPS],
                source=source,
                event_id=f"old-{number}",
                type=events.TYPE,
                occurred_at=then,
                accepted_at=then,
                data=events.order(90_000_000 + number),
            )
            for number in chunk
        )
        Delivery.objects.bulk_create(
            Delivery(
                notification=notification,
                channel=Channel.EMAIL,
                address=address,
                recipient=address.email,
                language="ja",
                status=DeliveryStatus.SENT,
                due_at=then,
                created_at=then,
                completed_at=then,
                answer="250 2.0.0 Ok",
            )
            for number, notification in zip(chunk, old, strict=True)
            for address in addresses[number % events.SHOPS]
        )


def _empty() -> None:
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for label in _APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(dict.fromkeys(tables))} RESTART IDENTITY CASCADE")
