"""Probe suppressed addresses: send one held notification at the due time; if it is accepted, the address works."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..models import Address, Delivery
from ..types.enums import AddressState, DeliveryStatus
from .actions import look_again
from .assessment import PROVEN_AFTER
from .repair.replay_rows import held_of, too_old

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 200
AFTER_OUR_FAULT = timedelta(days=1)


def probe_due() -> int:
    """Start due probes and assess the addresses whose probe was accepted; returns how many were started."""
    now = timezone.now()
    usable = Delivery.objects.filter(address=OuterRef("pk"), status=DeliveryStatus.HELD).exclude(too_old(now))
    due = Address.objects.filter(state=AddressState.FAILING, next_try_at__lte=now).order_by("next_try_at")
    due = due.filter(Q(probe__isnull=False) | Exists(usable))
    return sum(_probe(address_id) for address_id in due.values_list("pk", flat=True)[:MAX_AT_ONCE])


def _probe(address_id: UUID) -> bool:
    with transaction.atomic():
        address = Address.objects.select_for_update(no_key=True).filter(pk=address_id).first()
        now = timezone.now()
        if address is None or address.state != AddressState.FAILING or not _is_due(address, now):
            return False
        under_way = Delivery.objects.filter(pk=address.probe, address=address).first() if address.probe else None
        if under_way is None:
            return _begin(address, now)
        if under_way.status not in (DeliveryStatus.QUEUED, DeliveryStatus.SENT):
            # The probe ended without an event about the address, by a fault of ours: wait before the next one.
            address.probe, address.next_try_at = None, now + AFTER_OUR_FAULT
            address.save(update_fields=["probe", "next_try_at"])
            return False
        taken_at = under_way.completed_at
    if under_way.status == DeliveryStatus.SENT and taken_at and taken_at <= now - PROVEN_AFTER:
        look_again(address_id)
    return False


def _is_due(address: Address, now: datetime) -> bool:
    return address.next_try_at is not None and address.next_try_at <= now


def _begin(address: Address, now: datetime) -> bool:
    """Queue the oldest held delivery as the probe; the others stay held until its result is known."""
    oldest = held_of(address).exclude(too_old(now)).first()
    if oldest is None:
        return False
    address.probe = oldest.pk
    address.save(update_fields=["probe"])
    Delivery.objects.filter(pk=oldest.pk, status=DeliveryStatus.HELD).update(
        status=DeliveryStatus.QUEUED, due_at=timezone.now(), tries=0, lease=None
    )
    logger.info("Delivery %s tries its address again.", oldest.pk, extra={"delivery_id": oldest.pk})
    return True
