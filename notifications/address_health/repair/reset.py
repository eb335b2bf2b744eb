"""Repair a suppressed address by a user's action: reset it, or replace it by another one."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.activity.member_log import record
from accounts.members.access import primary_user
from accounts.models import User
from accounts.rule_violation import RuleViolationError
from notifications.channels import internal_reasons
from notifications.models import Address, Delivery, Preference, PreferenceAddress
from notifications.queue import counters
from notifications.queue.counters import Count, Name
from notifications.recipients import email_addresses
from notifications.types.enums import AWAITED, AddressState, Channel, DeliveryStatus

_RESTING = (AddressState.FAILING, AddressState.REFUSED)


@transaction.atomic
def reset(address: Address, *, by: User) -> None:
    """Make a suppressed address active at a user's request; events of earlier mail no longer count.

    Raises RuleViolationError when the address is not suppressed.
    """
    email_addresses.lock(address.account)
    now = timezone.now()
    changed = Address.objects.filter(pk=address.pk, state__in=_RESTING).update(
        state=AddressState.ACTIVE,
        state_since=now,
        trusted_since=now,
        failure="",
        failure_answer="",
        next_try_at=None,
        probe=None,
    )
    if not changed:
        raise RuleViolationError(
            _("Mail to %(email)s does not fail, so there is nothing to reset.") % {"email": address.email}
        )
    record(address.account, "address.reset", by=by, address=str(address.pk), email=address.email)


@transaction.atomic
def replace_everywhere(old: Address, email: str, *, by: User) -> Address:
    """Replace a suppressed address by `email` in every preference and move its held deliveries; returns the new one.

    A new address is sent a confirmation mail first. The old one is removed, unless the primary user signs in with it.
    Raises RuleViolationError when both are the same or the other one is suppressed, too.
    """
    email_addresses.lock(old.account)
    # Locked as for removing: an assessment or a new event for it comes before or after.
    Address.objects.select_for_update().filter(pk=old.pk).first()
    if email_addresses.same(old.email) == email_addresses.same(email):
        raise RuleViolationError(_("%(email)s is the address that fails.") % {"email": email})
    new = email_addresses.add_missing(old.account, [email], by=by)[0]
    if new.state in _RESTING:
        raise RuleViolationError(_("Mail to %(email)s fails as well.") % {"email": new.email})
    if new.state == AddressState.UNCONFIRMED:
        # What is routed to it before it is confirmed is held and not lost.
        Address.objects.filter(pk=new.pk).update(failure=AWAITED)
    # Mail to the old address may still bounce, and names deliveries that belong to the new one by then.
    Address.objects.filter(pk=new.pk).update(trusted_since=timezone.now())
    naming = PreferenceAddress.objects.filter(address=old)
    preferences = list(naming.values_list("preference_id", flat=True))
    doubled = PreferenceAddress.objects.filter(preference=OuterRef("preference"), address=new)
    naming.filter(Exists(doubled)).delete()
    naming.update(address=new)
    Preference.objects.filter(pk__in=preferences).update(
        version=F("version") + 1, changed_at=timezone.now(), changed_by=by
    )
    _take_along(old, new)
    types = list(Preference.objects.filter(pk__in=preferences).order_by("pk").values_list("type", flat=True))
    record(
        old.account,
        "address.replaced",
        by=by,
        address=str(old.pk),
        email=old.email,
        new=str(new.pk),
        new_email=new.email,
        types=types,
    )
    if email_addresses.same(old.email) != email_addresses.same(primary_user(old.account).email):
        _take_leave(old)
    return new


def _take_leave(old: Address) -> None:
    """Cancel what is still held for the old address, which the new one has received already, and remove it."""
    Delivery.objects.filter(address=old, status=DeliveryStatus.HELD).update(
        status=DeliveryStatus.CANCELLED, completed_at=timezone.now(), answer=internal_reasons.ALREADY_THERE
    )
    old.delete()


def _take_along(old: Address, new: Address) -> None:
    # A probe waiting for its next attempt is moved, too, and held again.
    waiting = Q(status=DeliveryStatus.HELD) | Q(status=DeliveryStatus.QUEUED, lease=None)
    held = Delivery.objects.filter(waiting, address=old)
    already_there = Delivery.objects.filter(
        notification=OuterRef("notification"), channel=OuterRef("channel"), recipient=new.email
    )
    moving = held.filter(~Exists(already_there))
    begun = moving.filter(status=DeliveryStatus.QUEUED).update(status=DeliveryStatus.HELD)
    counters.write({Count(Name.HELD, Channel.EMAIL.value, old.failure): begun})
    moving.update(address=new, recipient=new.email, status=DeliveryStatus.HELD, cause=old.failure)
