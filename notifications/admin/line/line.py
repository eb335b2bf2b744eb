"""LINE links, LINE users, link attempts, webhook events and channel pauses; read-only apart from ending a pause."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.activity import operator_log
from accounts.admin.lists import EndlessList, LongList, ReadOnly
from accounts.members.access import person
from notifications.admin.shared.filters import AGES, AgeFilter, WordFilter
from notifications.admin.sources import webhook_log
from notifications.models import ChannelPause, LineEvent, LineLink, LineUser, LinkAttempt
from notifications.queue import channel_pause, enqueue
from notifications.recipients.line_account.problems import Problem
from notifications.types.enums import Channel


@admin.register(LineLink)
class LineLinkAdmin(ReadOnly, LongList):
    list_display = ("account", "line_user", "state", "state_since", "linked_by", "way", "linked_at", "end_reason")
    list_filter = ("state", "way", "end_reason")
    list_select_related = ("account", "line_user", "linked_by")
    ordering = ("-linked_at",)
    search_fields = ("account__public_id__exact", "line_user__user_id__exact")
    search_help_text = gettext_lazy("The whole of a seller ID or LINE user ID")
    fields = (
        *("id", "account", "line_user", "linked_by", "way", "state", "state_since"),
        *("linked_at", "ended_at", "end_reason"),
    )


@admin.register(LineUser)
class LineUserAdmin(ReadOnly, LongList):
    list_display = ("user_id", "name", "language", "followed_at", "unfollowed_at")
    search_fields = ("user_id__exact",)
    search_help_text = gettext_lazy("The whole of a LINE user ID")
    fields = ("user_id", "name", "language", "followed_at", "unfollowed_at", "profile_at")


class FailureFilter(WordFilter):
    title = gettext_lazy("why it failed")
    parameter_name = field = "failure"
    words = dict(Problem.choices)


@admin.register(LinkAttempt)
class LinkAttemptAdmin(ReadOnly, LongList):
    list_display = ("created_at", "way", "stage", "failure", "account", "user", "line_user", "expires_at")
    list_filter = ("stage", "way", FailureFilter)
    list_select_related = ("account", "user", "line_user")
    ordering = ("-created_at",)
    fields = (
        *("id", "way", "stage", "failure", "account", "user", "line_user", "replaces"),
        *("created_at", "expires_at"),
    )


class ReceivedFilter(AgeFilter):
    """Filters by the time of receipt, because LINE's event IDs hold no reliable time."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        age = AGES.get(self.value() or "")
        return queryset.filter(received_at__gte=timezone.now() - age[0]) if age else None


class TypeFilter(WordFilter):
    title = gettext_lazy("type")
    parameter_name = field = "type"
    words = {type_key: type_key for type_key in ("follow", "unfollow", "message", "postback", "accountLink")}


@admin.register(LineEvent)
class LineEventAdmin(ReadOnly, EndlessList):
    list_display = ("received_at", "type", "user_id", "at", "outcome", "tries", "due_at")
    list_filter = (ReceivedFilter, TypeFilter)
    ordering = ("-received_at",)
    clock = "received_at"
    search_fields = ("id__exact",)
    search_help_text = gettext_lazy("The whole of a webhook event ID")
    fields = ("id", "type", "user_id", "at", "received_at", "due_at", "tries", "outcome")

    def get_urls(self) -> list[URLPattern]:
        return [
            path("webhooks/", self.admin_site.admin_view(webhook_log.index), name="webhook_log"),
            *super().get_urls(),
        ]


@admin.register(ChannelPause)
class ChannelPauseAdmin(ReadOnly, LongList):
    list_display = ("channel", "reason", "detail", "since", "until")
    fields = ("channel", "reason", "detail", "since", "until")
    actions = ("send_again",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Allow it in the list only, where the action below needs it; the form stays read-only."""
        return obj is None and request.user.has_perm("notifications.change_channelpause")

    @admin.action(description=gettext_lazy("Let the channel send again now"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[ChannelPause]) -> None:
        for pause in queryset:
            channel = Channel(pause.channel)
            channel_pause.end(channel)
            enqueue.enqueue_deliveries(channel)
            operator_log.record("channel.resumed", by=person(request), channel=channel.value)
            self.message_user(request, _("%(channel)s sends again.") % {"channel": channel.label}, messages.SUCCESS)
