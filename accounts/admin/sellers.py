"""Admin classes of seller accounts and invitations. `notifications` registers the seller page and adds to it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..activity import operator_log
from ..members.access import person
from ..models import Invitation, Membership, SellerAccount
from ..roles import Role
from .lists import LongList, ReadOnly


class MembershipInline(ReadOnly, admin.TabularInline):
    model = Membership
    fields = readonly_fields = ("user", "role", "edits_notifications", "joined_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "account")


class SellerAccountAdmin(LongList):
    """Operators change plan and region here; everything else is changed by the shop."""

    list_display = ("name", "public_id", "plan", "region", "primary_user", "language", "created_at")
    list_filter = ("plan", "region", "language")
    search_fields = ("name", "public_id", "memberships__user__email")
    search_help_text = _("Shop name, seller ID or a member’s e-mail address")
    fields = ("public_id", "name", "plan", "region", "language", "time_zone", "created_at")
    readonly_fields = ("public_id", "name", "language", "time_zone", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SellerAccount]:
        return super().get_queryset(request).prefetch_related("memberships__user")

    @admin.display(description=_("primary user"))
    def primary_user(self, account: SellerAccount) -> str:
        return next((str(row.user) for row in account.memberships.all() if row.role == Role.PRIMARY), "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SellerAccount | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SellerAccount, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            changes = {name: [form.initial[name], form.cleaned_data[name]] for name in form.changed_data}
            operator_log.record("seller.changed", by=person(request), account=obj, **changes)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, LongList):
    list_display = ("email", "account", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at")
    search_fields = ("email", "account__name", "account__public_id")
    list_select_related = ("account", "invited_by")
    fields = (
        *("email", "account", "edits_notifications", "invited_by"),
        *("created_at", "expires_at", "accepted_at", "revoked_at"),
    )
