"""Something of everything that names a person or a shop."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from accounts.activity import operator_log
from accounts.activity.member_log import record
from accounts.encryption import encrypt
from accounts.members import invitations
from accounts.models import Membership, SellerAccount, User
from notifications.models import (
    Address,
    AddressTestMessage,
    Attempt,
    Broadcast,
    CartOrder,
    Delivery,
    EmergencyContact,
    EmergencyNotice,
    FailureNotice,
    KnownListing,
    LineEvent,
    LineLink,
    LineNotice,
    LineUser,
    LinkAttempt,
    LinkMail,
    MailReport,
    Notification,
    Preference,
    ReadMark,
    Replay,
    ReturnedMail,
    SellerAlias,
    SkippedRoute,
    Source,
    SourceKey,
    SourceMessage,
    Unsubscription,
)
from notifications.recipients.line_account.deauthorization import PURPOSE
from notifications.types.payloads.samples import SAMPLES


def world(account: SellerAccount, user: User, *, line_id: str, line_name: str) -> None:
    """What a busy user leaves in a shop that they belong to."""
    email, name = user.email, user.name
    marketplace, _new = Source.objects.get_or_create(name="Marketplace")
    own = Source.objects.create(name=f"System of {account.public_id}", kind="cart", account=account)
    address, _new = Address.objects.get_or_create(
        account=account, email=email, defaults={"state": "active", "failure_answer": f"<{email}> is full"}
    )
    for source in (marketplace, own):
        _told(account, user, source=source, address=address)
    preference = Preference.objects.create(account=account, type="order_confirmed", email=True, changed_by=user)
    preference.destinations.create(address=address)
    Unsubscription.objects.create(address=address, type="business_update")
    EmergencyContact.objects.create(account=account, phone="+819012345678", changed_by=user)
    EmergencyNotice.objects.create(account=account, masked="…678", by_name=name)
    FailureNotice.objects.create(account=account, channel="email", day=date(2026, 11, 1))
    AddressTestMessage.objects.create(address=address, by_name=name)
    Replay.objects.create(account=account, held_for=address, mode="all", up_to=UUID(int=0), by=user)
    _on_line(account, user, line_id=line_id, line_name=line_name)
    record(account, "member.joined", by=user)
    record(account, "member.right_granted", by=None, member=name)
    record(account, "address.added", by=user, address=str(address.pk), email=email)
    record(account, "preference.changed", by=user, type="order_confirmed", email=True, addresses=[email])
    invitations.invite(account, f"invited-by-{user.pk}@ok.test", by=_primary(account))
    operator_log.record("delivery.requeued", by=user, account=account, deliveries=1)
    SourceKey.objects.create(source=own, hash=account.public_id * 3, created_by=user)
    SellerAlias.objects.create(source=marketplace, kind="seller", value=f"A{account.pk}", account=account)
    raw = f'{{"seller": "{account.public_id}", "contact": "{email}"}}'.encode()
    for owner in (account, None):
        key = f"{account.public_id}-{bool(owner)}"
        SourceMessage.objects.create(
            source=marketplace, message_id=key, way="http", raw=raw, state="parked", account=owner, detail=email
        )
    KnownListing.objects.create(account=account, sku="1")
    CartOrder.objects.create(account=account, source=own, order_id="1", status="shipped")
    Broadcast.objects.create(
        type="business_update", title_ja="知らせ", title_en="News", sellers=[account.public_id], created_by=user
    )
    for thing in (user, account, address, user.memberships.first()):
        LogEntry.objects.create(
            user=_operator(),
            content_type=ContentType.objects.get_for_model(thing),
            object_id=str(thing.pk),
            object_repr=f"{thing} {email}",
            action_flag=2,
        )
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": f"{name}の鍵"})
    client = Client()
    client.force_login(user)
    client.get(f"/shops/{account.public_id}/")


def _told(account: SellerAccount, user: User, *, source: Source, address: Address) -> None:
    now, email = timezone.now(), user.email
    for key, status in (("1", "sent"), ("2", "held"), ("3", "queued")):
        row = Notification.objects.create(
            account=account,
            source=source,
            event_id=f"{account.pk}-{user.pk}-{key}",
            type="order_confirmed",
            occurred_at=now,
            data=SAMPLES["order_confirmed"] | {"note": account.public_id},
        )
        delivery = Delivery.objects.create(
            notification=row,
            channel="email",
            address=address,
            recipient=email.upper() if key == "1" else email,
            language="ja",
            status=status,
            answer=f"<{email}>: said the server",
        )
        Attempt.objects.create(delivery=delivery, detail=f"4.2.2 <{email}> is full")
        MailReport.objects.create(
            key=f"{delivery.pk}", way="smtp", kind="bounce", delivery=delivery, recipient=email, sent_at=now
        )
        ReturnedMail.objects.create(
            delivery_id=delivery.pk, sent_at=now, digest=str(delivery.pk), raw=f"To: {email}".encode()
        )
        SkippedRoute.objects.create(
            notification=row,
            channel="line",
            recipient=email,
            reason="switched_off",
            detail={"by": user.name, "instead": email},
        )
        SkippedRoute.objects.create(notification=row, channel="line", reason="switched_off", detail={"by": user.name})
        ReadMark.objects.create(user=user, notification=row)


def _on_line(account: SellerAccount, user: User, *, line_id: str, line_name: str) -> None:
    now = timezone.now()
    person = LineUser.objects.create(user_id=line_id, name=line_name, followed_at=now, picture_url="https://x.test/1")
    is_primary = account.memberships.get(user=user).is_primary
    ended = {} if is_primary else {"ended_at": now, "end_reason": "handed_over"}
    link = LineLink.objects.create(
        account=account,
        line_user=person,
        linked_by=user,
        way="site",
        state="live" if is_primary else "ended",
        refresh_token=encrypt("refresh", purpose=PURPOSE) if is_primary else "",
        **ended,
    )
    row = Notification.objects.filter(account=account).first()
    Delivery.objects.create(
        notification=row, channel="line", link=link, recipient=line_id, language="ja", status="sent"
    )
    LineEvent.objects.create(id=f"e{line_id}", type="follow", user_id=line_id, at=now, payload={"userId": line_id})
    LineNotice.objects.create(
        kind="linked", line_user=person, link=link, shop=account.name, shop_language="ja", by_name=user.name
    )
    LinkMail.objects.create(account=account, kind="linked", line_name=line_name, by_name=user.name)
    LinkAttempt.objects.create(
        way="site",
        stage="agreed",
        secret_hash=line_id,
        user=user,
        account=account,
        line_user=person,
        refresh_token=encrypt("another", purpose=PURPOSE),
        expires_at=now + timedelta(minutes=10),
    )
    record(account, "line.linked", by=user, line=line_name)


def _primary(account: SellerAccount) -> User:
    return Membership.objects.get(account=account, role="primary").user


def _operator() -> User:
    return User.objects.get(is_superuser=True)


def rows() -> Counter[str]:
    """Every row of every table as text, with the name of its table."""
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')  # noqa: S608
            found.update(f"{table} {row}" for (row,) in cursor)
    return found


_KINDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)


def traces(*words: str) -> list[str]:
    """Where any of these stands, in every field of every model that can hold text."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        names = [field.attname for field in model._meta.concrete_fields if _holds_text(field)]
        for values in model._base_manager.values_list("pk", *names):
            for name, value in zip(names, values[1:], strict=True):
                said = _as_text(value)
                found += [f"{model.__name__}.{name}: {word}" for word in words if word.lower() in said.lower()]
    return found


def _holds_text(field: Any) -> bool:
    return isinstance(field, _KINDS) or hasattr(field, "base_field")


def _as_text(value: object) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
