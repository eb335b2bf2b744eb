"""Endpoint for the status of a notification, for the source that sent its event."""

from collections import defaultdict
from uuid import UUID

from django.http import Http404
from ninja import Router

from ..models import Attempt, Notification
from .auth import SourceRequest
from .schemas import AttemptOut, DecisionOut, DeliveryOut, NotificationOut, Problem

router = Router()


@router.get(
    "/notifications/{notification_id}",
    response={200: NotificationOut, 401: Problem, 404: Problem},
    operation_id="get_notification",
    summary="See what became of an event",
)
def get_notification(request: SourceRequest, notification_id: str) -> NotificationOut:
    """Return every route that was considered, and the deliveries of those taken."""
    try:
        row = Notification.objects.select_related("account").get(pk=UUID(notification_id), source=request.auth)
    except (ValueError, Notification.DoesNotExist):
        raise Http404 from None
    deliveries = _deliveries(row)
    queued = [
        DecisionOut(channel=road.channel, recipient=road.recipient, decision="queued", detail={}) for road in deliveries
    ]
    refused = [
        DecisionOut(channel=road.channel, recipient=road.recipient, decision=road.reason, detail=road.detail)
        for road in row.decisions.order_by("pk")
    ]
    return NotificationOut(
        id=row.pk,
        event_id=row.event_id,
        type=row.type,
        seller=row.account.public_id,
        occurred_at=row.occurred_at,
        accepted_at=row.accepted_at,
        withheld=row.withheld or None,
        decisions=queued + refused,
        deliveries=deliveries,
    )


def _deliveries(row: Notification) -> list[DeliveryOut]:
    attempts = defaultdict(list)
    for attempt in Attempt.objects.filter(delivery__notification=row).order_by("at"):
        attempts[attempt.delivery_id].append(
            AttemptOut(at=attempt.at, permanent=attempt.permanent, code=attempt.code, detail=attempt.detail)
        )
    return [
        DeliveryOut(
            id=one.pk,
            channel=one.channel,
            recipient=one.recipient,
            language=one.language,
            status=one.status,
            tries=one.tries,
            completed_at=one.completed_at,
            answer=one.answer,
            attempts=attempts[one.pk],
        )
        for one in row.deliveries.order_by("pk")
    ]
