"""Forms about a user's own profile, the shop and its members."""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Membership, SellerAccount, User
from ..roles import Role
from .fields import AddressField, PlainTextField, TimeZoneField


class ProfileForm(forms.ModelForm):
    """A user's name, language and time zone."""

    name = PlainTextField(max_length=120, label=gettext_lazy("Your name"))
    time_zone = TimeZoneField()

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")


class ShopForm(forms.Form):
    """The details of a shop, edited by the primary user."""

    name = PlainTextField(max_length=120, label=gettext_lazy("Shop name"))
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        label=gettext_lazy("Language"),
        help_text=gettext_lazy(
            "E-mails with notifications are in this language, except to addresses for which another was chosen."
        ),
    )
    time_zone = TimeZoneField(help_text=gettext_lazy("Times in notifications are in this time zone."))


class InviteForm(forms.Form):
    """The e-mail address and the right of an invited user."""

    email = AddressField(help_text=gettext_lazy("The invitation works only for this e-mail address."))
    edits_notifications = forms.BooleanField(required=False, label=gettext_lazy("May edit notification settings"))


class MemberChoiceField(forms.ModelChoiceField):
    """One of the members, shown by name and e-mail address."""

    def label_from_instance(self, obj: Membership) -> str:
        return _("%(name)s (%(email)s)") % {"name": obj.user.name, "email": obj.user.email}


class HandOverForm(forms.Form):
    """The new primary user, and the password for confirmation."""

    to = MemberChoiceField(
        queryset=Membership.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        label=gettext_lazy("New primary user"),
    )
    password = forms.CharField(
        strip=False,
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, account: SellerAccount, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        secondary = account.memberships.filter(role=Role.SECONDARY, user__is_active=True)
        receivers = cast(MemberChoiceField, self.fields["to"])
        receivers.queryset = secondary.select_related("user").order_by("joined_at")

    def clean_password(self) -> str:
        """Check the password with the rate limit of sign-in attempts."""
        password: str = self.cleaned_data["password"]
        adapter = get_adapter()
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("incorrect_password")
        return password
