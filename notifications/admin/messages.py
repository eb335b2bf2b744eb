"""What sources sent in formats of their own: to look at, body included."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import EndlessList, ReadOnly

from ..models import SourceMessage
from .filters import AgeFilter

MOST_SHOWN = 64 * 1024
"""Bytes of a body."""


@admin.register(SourceMessage)
class SourceMessageAdmin(ReadOnly, EndlessList):
    """Whoever helps a seller must see what was sent, so the body is shown to all who may see the message."""

    list_display = ("received_at", "source", "type", "state", "reason", "account", "detail", "tries")
    list_filter = (AgeFilter, "state", "reason")
    list_select_related = ("source", "account")
    search_fields = ("message_id__exact",)
    search_help_text = gettext_lazy("The whole of a message ID of the source")
    fields = (
        *("id", "source", "message_id", "type", "account", "way", "received_at", "state", "reason", "detail"),
        *("accepted", "repeated", "refused", "tries", "settled_at", "body"),
    )
    readonly_fields = ("body",)

    @admin.display(description=gettext_lazy("as it came"))
    def body(self, message: SourceMessage) -> str:
        if message.raw is None:
            return _("The body is kept for 30 days; it is gone.")
        raw = bytes(message.raw)
        text = raw[:MOST_SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd")
        return format_html("<pre>{}{}</pre>", text, "…" if len(raw) > MOST_SHOWN else "")
