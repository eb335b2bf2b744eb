"""What became known about mail, for operators. To look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.admin_lists import LongList, ReadOnly

from ..models import MailReport, Replay, ReturnedMail


@admin.register(MailReport)
class MailReportAdmin(ReadOnly, LongList):
    list_display = ("received_at", "kind", "reason", "permanent", "recipient", "way", "status", "text")
    list_filter = ("kind", "reason", "way", "permanent")
    ordering = ("-received_at",)
    search_fields = ("recipient__exact", "delivery__id__exact")
    search_help_text = gettext_lazy("The whole of an address or delivery ID")
    fields = (
        *("id", "way", "kind", "reason", "permanent", "recipient", "address", "delivery"),
        *("left_at", "received_at", "code", "status", "text", "is_judged"),
    )


@admin.register(ReturnedMail)
class ReturnedMailAdmin(ReadOnly, LongList):
    list_display = ("received_at", "outcome", "delivery_id", "left_at", "tries", "due_at")
    list_filter = ("outcome",)
    ordering = ("-received_at",)
    search_fields = ("delivery_id__exact",)
    search_help_text = gettext_lazy("The whole of a delivery ID")
    fields = ("id", "delivery_id", "left_at", "received_at", "due_at", "tries", "outcome")


@admin.register(Replay)
class ReplayAdmin(ReadOnly, LongList):
    list_display = ("started_at", "account", "held_for", "mode", "total", "sent", "left_out", "finished_at", "by")
    list_filter = ("mode",)
    list_select_related = ("account", "held_for", "by")
    ordering = ("-started_at",)
    fields = (
        *("id", "account", "held_for", "to", "mode", "total", "sent", "left_out"),
        *("by", "started_at", "finished_at", "due_at", "tries"),
    )
