"""The preference form of one group of notifications: a fieldset for each notification type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rule_violation import RuleViolationError
from notifications.models import Address
from notifications.recipients.email_addresses import normalise, same
from notifications.recipients.preference_matrix import AddressBook
from notifications.recipients.preferences import ADDRESSES_PER_TYPE, EffectivePreference, PreferenceInput, in_plan
from notifications.recipients.preferences.changes import too_many
from notifications.types.definitions import Group, NotificationType

from ..activity_log import listing

SHOWN_AT_ONCE = 8
"""In a longer list, addresses that are not ticked are folded away."""


class TypedAddresses(forms.Widget):
    """Any number of text inputs of one name; the template renders them."""

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[str]:
        return data.getlist(name) if isinstance(data, MultiValueDict) else list(data.get(name, []))


class TypedAddressesField(forms.Field):
    """The list of typed addresses; `TypeForm` validates each row."""

    widget = TypedAddresses

    def has_changed(self, initial: object, data: list[str] | None) -> bool:
        return any(text.strip() for text in data or [])


@dataclass(frozen=True)
class Option:
    """One address that can be ticked."""

    address: Address
    ticked: bool
    is_default: bool
    html_id: str
    stopped_at: datetime | None = None
    """When its recipient unsubscribed from this notification type. Ticking it does not undo that."""


@dataclass(frozen=True)
class TypedRow:
    """One text input for a further address."""

    value: str
    error: str
    html_id: str
    focused: bool


class TypeForm(forms.Form):
    """The preference for one notification type."""

    email = forms.BooleanField(
        label=gettext_lazy("Send this notification by e-mail"),
        required=False,
        show_hidden_initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    addresses = forms.MultipleChoiceField(
        required=False,
        show_hidden_initial=True,
        error_messages={
            "invalid_choice": gettext_lazy(
                "One of the addresses is not in this shop’s list any more. Look at the list again."
            )
        },
    )
    new = TypedAddressesField(required=False)
    line = forms.BooleanField(
        label=gettext_lazy("Tell this on LINE too"),
        required=False,
        show_hidden_initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        choice: EffectivePreference,
        book: AddressBook,
        *,
        included: bool,
        linked: bool,
        data: QueryDict | None = None,
    ) -> None:
        initial = {
            "email": choice.email,
            "addresses": named(choice, book),
            "line": choice.line,
            "version": choice.version,
        }
        super().__init__(data, prefix=choice.type.key, initial=initial)
        self.choice = choice
        self.book = book
        self.included = included
        self.linked = linked
        self.theirs: EffectivePreference | None = None
        self.row_errors: dict[int, str] = {}
        self.focused = False
        options = self.fields["addresses"]
        options.choices = [(str(address.pk), address.email) for address in book.addresses]  # type: ignore[attr-defined]
        if choice.type.required:
            del self.fields["email"]
        if not choice.type.line:
            del self.fields["line"]
        elif not linked:
            line = self.fields["line"]
            line.disabled, line.show_hidden_initial = True, False
            line.widget.attrs["aria-describedby"] = f"{choice.type.key}-line-why"
        if not included:
            for field in self.fields.values():
                field.disabled = True

    @property
    def kind(self) -> NotificationType:
        return self.choice.type

    @property
    def touched(self) -> bool:
        """Whether the user changed something, compared with what the page had shown."""
        return self.included and bool({"email", "addresses", "new", "line"}.intersection(self.changed_data))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ticked = {UUID(pk) for pk in cleaned.get("addresses", [])}
        email = bool(cleaned.get("email")) or self.kind.required
        if not self.included:
            return cleaned
        new = self._judge_rows(cleaned.get("new", []), ticked)
        if email and not ticked and not new and not self.row_errors and "addresses" not in self.errors:
            self.add_error("addresses", self._nowhere())
        if len(ticked) + len(new) > ADDRESSES_PER_TYPE:
            self.add_error("addresses", too_many())
        if self.row_errors:
            self.add_error("new", list(self.row_errors.values()))
        cleaned["wish"] = PreferenceInput(
            email=email,
            addresses=tuple(pk for pk in self.book.by_id if pk in ticked),
            new=tuple(new.values()),
            seen_version=cleaned.get("version") or 0,
            line=cleaned.get("line") if self.linked else None,
        )
        return cleaned

    def _nowhere(self) -> str:
        if self.kind.required:
            return _("Tick at least one address. The default address is one of them.")
        return _("Tick at least one address, or switch e-mail off for this notification.")

    def _judge_rows(self, rows: list[str], ticked: set[UUID]) -> dict[str, str]:
        chosen = {same(self.book.by_id[pk].email) for pk in ticked if pk in self.book.by_id}
        new: dict[str, str] = {}
        for number, text in enumerate(rows):
            if not text.strip():
                continue
            try:
                address = normalise(text)
            except RuleViolationError as refusal:
                self.row_errors[number] = str(refusal)
                continue
            if same(address) in chosen:
                self.row_errors[number] = _("%(email)s is ticked already.") % {"email": address}
            elif same(address) in new:
                self.row_errors[number] = _("%(email)s is entered twice.") % {"email": address}
            else:
                new[same(address)] = address
        return new

    @property
    def hidden_initial(self) -> SafeString:
        """The hidden input with the addresses that were ticked when the page was first rendered."""
        return self["addresses"].as_hidden(only_initial=True)

    @property
    def their_addresses(self) -> str:
        """The addresses that the conflicting version of another user sends e-mail to."""
        if self.theirs is None:
            return ""
        return listing([address.email for address in self.book.destinations(self.theirs)])

    @property
    def options(self) -> list[Option]:
        ticked = set(self["addresses"].value() or [])
        return [
            Option(
                address,
                ticked=str(address.pk) in ticked,
                is_default=address.pk == self.book.default.pk,
                html_id=f"id_{self.prefix}-{address.pk}",
                stopped_at=self.book.stopped.get((address.pk, self.kind.key)),
            )
            for address in self.book.addresses
        ]

    @property
    def options_shown(self) -> list[Option]:
        return [one for number, one in enumerate(self.options) if one.ticked or self._short or number == 0]

    @property
    def options_folded(self) -> list[Option]:
        shown = {one.html_id for one in self.options_shown}
        return [one for one in self.options if one.html_id not in shown]

    @property
    def _short(self) -> bool:
        return len(self.book.addresses) <= SHOWN_AT_ONCE

    @property
    def typed_rows(self) -> list[TypedRow]:
        values = self["new"].value() or [""]
        last = len(values) - 1
        return [
            TypedRow(
                value,
                self.row_errors.get(number, ""),
                html_id=f"id_{self.prefix}-new-{number}",
                focused=self.focused and number == last,
            )
            for number, value in enumerate(values)
        ]

    @property
    def may_add_row(self) -> bool:
        return len(self.typed_rows) < ADDRESSES_PER_TYPE


def named(choice: EffectivePreference, book: AddressBook) -> list[str]:
    """Return the form values of the addresses that are ticked for a preference."""
    return [str(address.pk) for address in book.destinations(choice)]


class GroupForm:
    """The fieldsets of one group, validated together."""

    def __init__(
        self,
        group: Group,
        *,
        plan: str,
        book: AddressBook,
        choices: Mapping[str, EffectivePreference],
        linked: bool,
        data: QueryDict | None = None,
    ) -> None:
        self.group = group
        self.forms = [
            TypeForm(choices[kind.key], book, included=in_plan(kind, plan), linked=linked, data=data) for kind in group
        ]
        self.checked = False

    def is_valid(self) -> bool:
        """Validate every fieldset, so that all errors are shown at once."""
        self.checked = True
        return not [form for form in self.forms if not form.is_valid()]

    def wishes(self) -> dict[str, PreferenceInput]:
        """Return what to save, by type key: only what the user changed, so that nothing else is overwritten."""
        return {form.kind.key: form.cleaned_data["wish"] for form in self.forms if form.touched}

    @property
    def has_errors(self) -> bool:
        return self.checked and any(form.errors for form in self.forms)
