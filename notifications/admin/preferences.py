"""Choices and destinations, for operators."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import LongList, ReadOnly

from ..emergency import masked
from ..models import Address, EmergencyContact, EmergencyNotice, Preference, PreferenceAddress


class WrittenBySellers(ReadOnly, LongList):
    """Sellers write these on their own pages, which keep the history; operators look."""


@admin.register(Address)
class AddressAdmin(WrittenBySellers):
    """E-mail destinations with their states."""

    list_display = ("email", "account", "state", "state_since", "language", "added_at", "confirmation_sent_at")
    list_filter = ("state", "language")
    list_select_related = ("account",)
    search_fields = ("email", "account__public_id", "account__name")
    search_help_text = _("E-mail address, seller ID or shop name")
    ordering = ("-added_at",)
    fields = (
        "email",
        "account",
        "state",
        "state_since",
        "language",
        "added_by",
        "added_at",
        "confirmed_at",
        "confirmation_sent_at",
        "confirmation_answer",
    )


@admin.register(EmergencyContact)
class EmergencyContactAdmin(WrittenBySellers):
    """Who has given an emergency phone. The number is masked: reading numbers is a right of its own."""

    list_display = ("account", "masked_phone", "confirmed_at", "changed_at", "changed_by")
    list_select_related = ("account", "changed_by")
    search_fields = ("account__public_id", "account__name")
    search_help_text = _("Seller ID or shop name")
    ordering = ("-changed_at",)
    fields = ("account", "masked_phone", "confirmed_at", "changed_at", "changed_by")
    readonly_fields = ("masked_phone",)

    @admin.display(description=_("emergency phone"))
    def masked_phone(self, contact: EmergencyContact) -> str:
        return masked(contact.phone)


@admin.register(EmergencyNotice)
class EmergencyNoticeAdmin(WrittenBySellers):
    """Mails about a changed emergency phone that have not left yet."""

    list_display = ("account", "masked", "by_name", "at", "due_at", "tries")
    list_select_related = ("account",)
    search_fields = ("account__public_id", "account__name")
    search_help_text = _("Seller ID or shop name")
    ordering = ("due_at",)


class DestinationInline(ReadOnly, admin.TabularInline):
    """The chosen addresses of one preference."""

    model = PreferenceAddress
    fields = ("address", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PreferenceAddress]:
        return super().get_queryset(request).select_related("address")


@admin.register(Preference)
class PreferenceAdmin(WrittenBySellers):
    """What sellers chose, where they chose at all."""

    list_display = ("account", "type", "email", "line", "named", "changed_at", "changed_by")
    list_filter = ("type", "email")
    list_select_related = ("account", "changed_by")
    search_fields = ("account__public_id", "account__name")
    search_help_text = _("Seller ID or shop name")
    ordering = ("-changed_at",)
    fields = ("account", "type", "email", "line", "version", "changed_at", "changed_by")
    inlines = (DestinationInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Preference]:
        return super().get_queryset(request).annotate(named=Count("destinations"))

    @admin.display(description=_("addresses"))
    def named(self, preference: Preference) -> int:
        return preference.named  # type: ignore[attr-defined]
