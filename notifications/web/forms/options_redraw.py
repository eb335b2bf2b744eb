"""Changes to the submitted data of a preference form, for buttons that render the form again without saving."""

from collections.abc import Iterable, Mapping

from django.http import QueryDict

from notifications.recipients.preference_matrix import AddressBook
from notifications.recipients.preferences import EffectivePreference

from .options import named


def with_another_row(typed: QueryDict, key: str) -> QueryDict:
    """Add an empty text input for an address of the notification type `key`."""
    data = typed.copy()
    data.appendlist(f"{key}-new", "")
    return data


def with_same_addresses(typed: QueryDict, key: str, others: Iterable[str]) -> QueryDict:
    """Copy the addresses of the notification type `key`, ticked and typed, to the `others`."""
    data = typed.copy()
    for other in others:
        for field in ("addresses", "new"):
            data.setlist(f"{other}-{field}", typed.getlist(f"{key}-{field}"))
    return data


def with_their_versions(typed: QueryDict, theirs: Mapping[str, EffectivePreference]) -> QueryDict:
    """Set the versions to those that other users saved, so that the next save replaces them knowingly."""
    data = typed.copy()
    for key, choice in theirs.items():
        data[f"{key}-version"] = str(choice.version)
    return data


def with_saved(typed: QueryDict, choices: Iterable[EffectivePreference], book: AddressBook) -> QueryDict:
    """Replace what was typed for these notification types by what is saved now."""
    data = typed.copy()
    for choice in choices:
        key = choice.type.key
        boxes = named(choice, book)
        data.setlist(f"{key}-addresses", boxes)
        data.setlist(f"initial-{key}-addresses", boxes)
        data.setlist(f"{key}-new", [""])
        data.setlist(f"{key}-email", ["on"] if choice.email else [])
        data[f"initial-{key}-email"] = str(choice.email)
        data.setlist(f"{key}-line", ["on"] if choice.line else [])
        data[f"initial-{key}-line"] = str(choice.line)
        data[f"{key}-version"] = str(choice.version)
    return data
