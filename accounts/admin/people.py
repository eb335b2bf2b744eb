"""Admin pages of users and their e-mail addresses."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..activity import operator_log
from ..members.access import person
from ..models import Membership, User
from .lists import LongList, ReadOnly
from .sellers import MembershipInline

# These lists would show users' MFA secrets and where each user is signed in.
admin.site.unregister([Authenticator, UserSession])

admin.site.unregister(EmailAddress)


class ShopsInline(MembershipInline):
    verbose_name_plural = _("shops")
    fields = readonly_fields = ("account", "role", "edits_notifications", "joined_at")


@admin.register(User)
class UserAdmin(LongList):
    """Users sign up themselves. Operators deactivate a user instead of deleting them."""

    list_display = ("email", "name", "language", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "language")
    hidden = ("password",)
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
        """Allow only superusers to change superusers, so that nobody else can deactivate them."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Let only superusers grant admin access and permissions."""
        if request.user.is_superuser:
            return self.readonly_fields
        return (*self.readonly_fields, "is_staff", "is_superuser", "groups", "user_permissions")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            done: dict[str, Any] = {"user": obj.pk, "fields": form.changed_data}
            shops = list(Membership.objects.filter(user=obj).values_list("account", flat=True))
            operator_log.record_each("user.changed", by=person(request), details=dict.fromkeys(shops, done))
            if not shops:
                operator_log.record("user.changed", by=person(request), **done)


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnly, LongList):
    """Read-only: an address is confirmed by its link only, so that no operator can assign one to a user."""

    list_display = ("email", "user", "verified", "primary")
    list_filter = ("verified",)
    search_fields = ("email", "user__name", "user__memberships__account__public_id")
    list_select_related = ("user",)
    fields = ("email", "user", "verified", "primary")
