"""The people of the demo, their shops, and what happened to those in the past days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import timezone

from accounts.auth import mfa
from accounts.members import memberships
from accounts.models import Membership, Plan, SellerAccount, User
from accounts.roles import Role
from notifications.ingest.pipeline import Event, notify_many
from notifications.models import Address, Delivery, EmergencyContact, Notification, SellerAlias, Source
from notifications.recipients import email_addresses, emergency_phone, preferences
from notifications.recipients.preferences import PreferenceInput
from notifications.types.enums import AddressState, AliasKind, DeliveryStatus
from notifications.types.payloads.samples import SAMPLES


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in to the demo."""

    role: str
    email: str
    name: str
    password: str
    language: str
    operator: bool = False
    group: str = ""
    """Of an operator; without one they may do everything."""
    totp_secret: str = ""
    """What the authenticator app was set up with, where there is one. Well known, as the passwords are."""


HANAKO = Person("primary", "hanako@ok.test", "山田 花子", "hanako-demo-2026", "ja")
TARO = Person("secondary", "taro@ok.test", "佐藤 太郎", "taro-demo-2026", "ja")
MIKA = Person("other_shop", "mika@ok.test", "Mika Tanaka", "mika-demo-2026", "en")
OMAR = Person(
    "operator",
    "omar@ok.test",
    "Omar Haddad",
    "omar-demo-2026",
    "en",
    operator=True,
    totp_secret="OMARDEMOOMARDEMOOMARDEMOOMARDEMO",  # noqa: S106
)
RIN = Person(
    "second_operator",
    "rin@ok.test",
    "小林 凛",
    "rin-demo-2026",
    "ja",
    operator=True,
    group="messenger",
    totp_secret="RINDEMOORINDEMOORINDEMOORINDEMOO",  # noqa: S106
)
CAST = (HANAKO, TARO, MIKA, OMAR, RIN)

NAMES_AT_PARTNER = {
    AliasKind.SELLER: (
        *("A3TH9S8BH6GOGM", "A3AYAZLIQ7AX77", "A3EZFOFNDPFB8R", "A21CXK3C4ERTY8"),
        *("AXXXXXXXXXXXXX", "merchantId"),
    ),
    AliasKind.SUBSCRIPTION: ("subscription-id-d0e9e693-c3ad-4373-979f-ed4ec98dd746",),
}
"""The sellers in the examples of the Selling Partner API's documentation: with these they can be tried."""
ORDERS_ADDRESS = "orders@ok.test"
PHONE = "090-1234-5678"

Story = Sequence[tuple[timedelta, str, dict[str, Any]]]
"""How long ago what happened, oldest first."""


def load(source: Source) -> dict[str, SellerAccount]:
    """Make whoever and whatever is missing, and return the shop of each role that has one.

    What is there stays as it is, whatever people did to it.
    """
    users = {person: _user(person) for person in CAST}
    for person in CAST:
        if person.totp_secret:
            mfa.set_up_app(users[person], person.totp_secret)
    ceramics, new_ceramics = _shop(users[HANAKO], "花子の器", "ja")
    books, new_books = _shop(users[MIKA], "Mika Books", "en")
    if new_ceramics:
        SellerAccount.objects.filter(pk=ceramics.pk).update(plan=Plan.PROFESSIONAL)
        Membership.objects.create(account=ceramics, user=users[TARO], role=Role.SECONDARY)
        _choose(ceramics, users[HANAKO])
        _tell(source, ceramics, _ceramics_story())
    if new_books:
        _tell(source, books, _books_story())
    return {HANAKO.role: ceramics, TARO.role: ceramics, MIKA.role: books}


def name_at(source: Source, shop: SellerAccount) -> None:
    """Let the source call this shop by the names of the examples."""
    for kind, names in NAMES_AT_PARTNER.items():
        for name in names:
            SellerAlias.objects.get_or_create(source=source, kind=kind, value=name, defaults={"account": shop})


def _user(person: Person) -> User:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            person.password,
            name=person.name,
            language=person.language,
            is_staff=person.operator,
            is_superuser=person.operator and not person.group,
        )
        if person.group:
            user.groups.set(Group.objects.filter(name=person.group))
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _shop(user: User, name: str, language: str) -> tuple[SellerAccount, bool]:
    """The shop that this person opened, and whether it is new."""
    membership = user.memberships.select_related("account").order_by("pk").first()
    if membership is not None:
        return membership.account, False
    return memberships.open_account(user, name=name, language=language, time_zone="Asia/Tokyo"), True


def _choose(shop: SellerAccount, hanako: User) -> None:
    now = timezone.now()
    default = email_addresses.default_addresses([shop.pk])[shop.pk]
    orders = Address.objects.create(
        account=shop, email=ORDERS_ADDRESS, state=AddressState.ACTIVE, confirmed_at=now, added_by=hanako
    )
    wishes = {
        "order_confirmed": PreferenceInput(email=True, addresses=(orders.pk, default.pk)),
        "return_requested": PreferenceInput(email=True, addresses=(orders.pk,)),
        "listing_closed": PreferenceInput(email=True, addresses=()),
        "business_update": PreferenceInput(email=False, addresses=()),
    }
    preferences.save(shop, wishes, by=hanako)
    EmergencyContact.objects.create(account=shop, phone=emergency_phone.parse(PHONE), changed_by=hanako)


def _tell(source: Source, shop: SellerAccount, story: Story) -> None:
    """Through the front door, then moved to when it happened. Its mail counts as sent then: none leaves now.

    The members joined before, so that they find it unread.
    """
    now = timezone.now()
    Membership.objects.filter(account=shop).update(joined_at=now - timedelta(days=30))
    events = [
        Event(f"demo-{shop.public_id}-{number}", shop.public_id, type_key, now - ago, SAMPLES[type_key] | data)
        for number, (ago, type_key, data) in enumerate(story)
    ]
    notify_many(source, events)
    told = Notification.objects.filter(account=shop, source=source)
    told.update(accepted_at=F("occurred_at"))
    for one in told:
        Delivery.objects.filter(notification=one).update(
            status=DeliveryStatus.SENT,
            created_at=one.occurred_at,
            due_at=one.occurred_at,
            completed_at=one.occurred_at,
        )


def _ceramics_story() -> Story:
    order, item = "249-5501877-3320416", SAMPLES["order_confirmed"]["items"][1]
    return (
        (timedelta(days=6), "late_shipment_rate", {"rate": 4.2, "period": _days(13, 7)}),
        (timedelta(days=5), "out_of_stock_weekly", {}),
        (timedelta(days=4), "business_update", {}),
        (timedelta(days=3), "order_confirmed", {"order_id": order, "ship_by": _day(-1)}),
        (timedelta(days=2), "coach_recommendations", {}),
        (timedelta(days=1, hours=4), "return_requested", {"order_id": order, "respond_by": _day(2)}),
        (timedelta(hours=20), "listing_closed", {}),
        (
            timedelta(hours=3),
            "order_confirmed",
            {"order_id": "250-6617340-9925508", "items": [item], "ship_by": _day(2)},
        ),
        (
            timedelta(hours=1),
            "order_confirmed",
            {"order_id": "250-7718203-1946025", "items": [item], "ship_by": _day(3), "status": "pending"},
        ),
    )


def _books_story() -> Story:
    novel = {"title": "The Pillow Book (paperback)", "sku": "MB-PILLOW-01", "quantity": 1, "price": 1980}
    poems = {"title": "One Hundred Poets (used, good)", "sku": "MB-POETS-07", "quantity": 2, "price": 1200}
    return (
        (timedelta(days=4), "business_update", {}),
        (
            timedelta(days=2),
            "order_confirmed",
            {
                "order_id": "249-8830157-4402916",
                "items": [poems],
                "ship_by": _day(0),
                "shipping_method": "Standard",
            },
        ),
        (
            timedelta(hours=2),
            "order_confirmed",
            {
                "order_id": "249-4402916-8830157",
                "items": [novel],
                "ship_by": _day(2),
                "shipping_method": "Standard",
            },
        ),
    )


def _day(number: int) -> str:
    return _date(timezone.now() + timedelta(days=number))


def _days(first: int, last: int) -> dict[str, str]:
    """A period that began and ended so many days ago."""
    return {"from": _day(-first), "to": _day(-last)}


def _date(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()
