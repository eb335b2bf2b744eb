"""Erase names from the log entries of Django's admin."""

from collections.abc import Iterable
from itertools import groupby

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from .plan import ERASED


def erase_quotes(things: Iterable[Model]) -> None:
    """Clear name and change message in the entries of these objects; the entries themselves stay."""
    of_kind = sorted(things, key=lambda thing: thing._meta.label)
    for _label, each in groupby(of_kind, key=lambda thing: thing._meta.label):
        rows = list(each)
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(rows[0]), object_id__in=[str(row.pk) for row in rows]
        ).update(object_repr=ERASED, change_message="")
