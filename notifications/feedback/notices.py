"""The primary user hears by another road that e-mail fails: mail cannot report its own failure."""

from django.utils import timezone

from ..enums import Channel
from ..models import Address, FailureNotice


def owe_notices(address: Address) -> None:
    """Owe what is to be told about a failure; a road has one notice a day, however many addresses fail."""
    today = timezone.localdate()
    for channel in Channel:
        FailureNotice.objects.get_or_create(account_id=address.account_id, channel=channel, day=today)
