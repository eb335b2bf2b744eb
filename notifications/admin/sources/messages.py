"""Messages that sources sent in their own formats: view them with their body, and process dead letters again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.activity import operator_log
from accounts.admin.lists import EndlessList, ReadOnly
from accounts.members.access import person
from notifications.admin.shared.filters import AgeFilter
from notifications.ingest.messages.replay import Replayed, replay_dead_letters
from notifications.models import SourceMessage
from notifications.queue import enqueue
from notifications.types.enums import Channel

MAX_SHOWN = 64 * 1024
"""Bytes of a body."""
MAX_AT_ONCE = 1_000
"""Messages that one action processes again."""


@admin.register(SourceMessage)
class SourceMessageAdmin(ReadOnly, EndlessList):
    """Shows the body to all who may view messages, because support needs to see what was sent."""

    list_display = ("received_at", "source", "type", "state", "reason", "account", "detail", "tries")
    list_filter = (AgeFilter, "state", "reason")
    list_select_related = ("source", "account")
    search_fields = ("message_id__exact",)
    search_help_text = gettext_lazy("The whole of a message ID of the source")
    fields = (
        *("id", "source", "message_id", "type", "account", "way", "received_at", "state", "reason", "detail"),
        *("accepted", "repeated", "refused", "tries", "completed_at", "body"),
    )
    readonly_fields = ("body",)
    actions = ("read_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceMessage]:
        """Defer the bodies, which may be large."""
        return super().get_queryset(request).defer("raw")

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.replay_sourcemessage")

    @admin.action(description=gettext_lazy("Read again"), permissions=["replay"])
    def read_again(self, request: HttpRequest, queryset: QuerySet[SourceMessage]) -> None:
        """Process the chosen dead letters again, once the reason why they failed was fixed."""
        ids = list(queryset.values_list("pk", flat=True)[:MAX_AT_ONCE])
        done = replay_dead_letters(ids)
        operator_log.record(
            "messages.replayed", by=person(request), messages=len(ids), read=done.read, parked=done.parked
        )
        for channel in Channel if done.read else ():
            enqueue.enqueue_deliveries(channel)
        _tell(request, done)

    @admin.display(description=gettext_lazy("as it came"))
    def body(self, message: SourceMessage) -> str:
        if message.raw is None:
            return _("The body is kept for 30 days; it is gone.")
        raw = bytes(message.raw)
        text = raw[:MAX_SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd")
        return format_html("<pre>{}{}</pre>", text, "…" if len(raw) > MAX_SHOWN else "")


def _tell(request: HttpRequest, done: Replayed) -> None:
    if settled := done.read + done.ignored:
        sentence = ngettext(
            "%(count)s message is read; %(ignored)s of them tell nothing for sellers.",
            "%(count)s messages are read; %(ignored)s of them tell nothing for sellers.",
            settled,
        )
        messages.success(request, sentence % {"count": settled, "ignored": done.ignored})
    if done.parked:
        sentence = ngettext(
            "%(count)s still cannot be read: its reason stands in the list.",
            "%(count)s still cannot be read: their reasons stand in the list.",
            done.parked,
        )
        messages.warning(request, sentence % {"count": done.parked})
    if done.left:
        sentence = ngettext(
            "%(count)s was left as it is: it is not parked, or its body is gone.",
            "%(count)s were left as they are: they are not parked, or their bodies are gone.",
            done.left,
        )
        messages.warning(request, sentence % {"count": done.left})
