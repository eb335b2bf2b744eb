"""People and shops, for operators."""

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .admin_lists import LongList, ReadOnly
from .models import HistoryEntry, Invitation, Membership, SellerAccount, User
from .roles import Role

# Operators sign in on the same page as everybody, with its limits and second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# These lists would show the keys of people's second step and where each person is signed in.
admin.site.unregister([Authenticator, UserSession])

admin.site.unregister(EmailAddress)


class MembershipInline(ReadOnly, admin.TabularInline):
    model = Membership
    fields = readonly_fields = ("user", "role", "edits_notifications", "joined_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "account")


class ShopsInline(MembershipInline):
    verbose_name_plural = _("shops")
    fields = readonly_fields = ("account", "role", "edits_notifications", "joined_at")


@admin.register(User)
class UserAdmin(LongList):
    """People sign themselves up. An operator switches a sign-in off rather than delete it."""

    list_display = ("email", "name", "language", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "language")
    search_fields = ("email", "name", "memberships__account__public_id")
    search_help_text = _("E-mail address, name or seller ID")
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "time_zone")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("date_joined", "last_login")}),
    )
    readonly_fields = ("email", "date_joined", "last_login")
    filter_horizontal = ("groups", "user_permissions")
    inlines = (ShopsInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only superusers change superusers: nobody else may switch them off."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only superusers give power over the admin site to anybody."""
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly, LongList):
    """Only its link confirms an address: an operator must not make one somebody’s."""

    list_display = ("email", "user", "verified", "primary")
    list_filter = ("verified",)
    search_fields = ("email", "user__name", "user__memberships__account__public_id")
    list_select_related = ("user",)
    fields = ("email", "user", "verified", "primary")


@admin.register(SellerAccount)
class SellerAccountAdmin(LongList):
    """The marketplace changes the plan here; everything else belongs to the shop."""

    list_display = ("name", "public_id", "plan", "primary_user", "language", "created_at")
    list_filter = ("plan", "language")
    search_fields = ("name", "public_id", "memberships__user__email")
    search_help_text = _("Shop name, seller ID or a member’s e-mail address")
    fields = ("public_id", "name", "plan", "language", "time_zone", "created_at")
    readonly_fields = ("public_id", "created_at")
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SellerAccount]:
        return super().get_queryset(request).prefetch_related("memberships__user")

    @admin.display(description=_("primary user"))
    def primary_user(self, account: SellerAccount) -> str:
        return next((str(row.user) for row in account.memberships.all() if row.role == Role.PRIMARY), "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SellerAccount | None = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, LongList):
    list_display = ("email", "account", "invited_by", "created_at", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("created_at",)
    search_fields = ("email", "account__name", "account__public_id")
    list_select_related = ("account", "invited_by")
    fields = (
        *("email", "account", "edits_notifications", "invited_by"),
        *("created_at", "expires_at", "accepted_at", "revoked_at"),
    )


@admin.register(HistoryEntry)
class HistoryEntryAdmin(ReadOnly, LongList):
    list_display = ("at", "account", "actor_name", "action")
    list_filter = ("at",)
    search_fields = ("account__name", "account__public_id", "actor_name", "action")
    list_select_related = ("account",)
    fields = ("at", "account", "actor", "actor_name", "action", "detail")
