"""Saving choices: what differs is written, all or nothing, and can be read as a sentence."""

from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.rule_violation import RuleViolationError
from notifications.models import Address, Preference
from notifications.recipients import email_addresses, preferences
from notifications.recipients.preferences import (
    DEFAULTS,
    ConflictError,
    PreferenceInput,
    PreferenceStatus,
    preference_status,
)
from notifications.types.enums import AddressState
from notifications.web import activity_log
from tests.waiting import ONE_FIXTURE_FOR_ALL_EXAMPLES

KEYS = ["order_confirmed", "listing_created", "account_suspended"]


def sentences(shop) -> list[str]:
    with translation.override("en"):
        return [activity_log.sentence(entry) for entry in activity_log.latest(shop, limit=50)]


def test_the_default_address_alone_is_kept_as_nothing_so_that_it_can_move(shop, hanako):
    default = email_addresses.default_addresses([shop.pk])[shop.pk]

    saved = preferences.save(shop, {"listing_created": PreferenceInput(email=True, addresses=(default.pk,))}, by=hanako)

    assert [change.type_key for change in saved.changes] == ["listing_created"]
    assert preferences.load_all(shop)["listing_created"].addresses == ()


def test_what_is_already_so_is_not_written(shop, hanako):
    saved = preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=())}, by=hanako)

    assert saved.changes == ()
    assert Preference.objects.count() == 0
    assert shop.history.count() == 0


def test_a_conflict_changes_nothing_at_all(shop, hanako, taro):
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=taro)
    wishes = {
        "order_confirmed": PreferenceInput(email=True, addresses=(), new=("new@ok.test",), seen_version=0),
        "listing_created": PreferenceInput(email=True, addresses=()),
    }

    with pytest.raises(ConflictError) as conflict:
        preferences.save(shop, wishes, by=hanako)

    assert list(conflict.value.theirs) == ["order_confirmed"]
    assert conflict.value.theirs["order_confirmed"].changed_by == taro.name
    assert Address.objects.filter(email="new@ok.test").count() == 0
    assert [row.type for row in Preference.objects.all()] == ["order_confirmed"]
    assert shop.history.count() == 1


def test_the_same_change_by_two_people_is_no_conflict(shop, hanako, taro):
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=taro)

    saved = preferences.save(shop, {"order_confirmed": PreferenceInput(email=False, addresses=())}, by=hanako)

    assert saved.changes == ()
    assert preferences.load_all(shop)["order_confirmed"].changed_by == taro.name


def test_an_unknown_address_is_refused(shop, hanako, other_shop, mika):
    [theirs] = email_addresses.add_missing(other_shop, ["books@ok.test"], by=mika)

    for stranger in (theirs.pk, uuid4()):
        with pytest.raises(RuleViolationError):
            preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(stranger,))}, by=hanako)

    assert Preference.objects.count() == 0


def test_twenty_addresses_fit_and_one_more_does_not(shop, hanako):
    rows = email_addresses.add_missing(shop, [f"n{number}@ok.test" for number in range(21)], by=hanako)
    pks = tuple(row.pk for row in rows)
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=pks[:20])}, by=hanako)

    with pytest.raises(RuleViolationError):
        preferences.save(
            shop, {"order_confirmed": PreferenceInput(email=True, addresses=pks, seen_version=1)}, by=hanako
        )

    assert preferences.load_all(shop)["order_confirmed"].addresses == pks[:20]


def test_what_the_plan_lacks_is_refused(other_shop, mika):
    with pytest.raises(RuleViolationError):
        preferences.save(other_shop, {"report_open_listings": PreferenceInput(email=True, addresses=())}, by=mika)

    assert Preference.objects.count() == 0


def test_history_reads_as_sentences(shop, hanako):
    [office] = email_addresses.add_missing(shop, ["office@ok.test"], by=hanako)
    email_addresses.confirm(office)
    preferences.save(shop, {"listing_created": PreferenceInput(email=True, addresses=(office.pk,))}, by=hanako)
    preferences.save(shop, {"listing_created": PreferenceInput(email=True, addresses=(), seen_version=1)}, by=hanako)
    preferences.save(shop, {"listing_created": PreferenceInput(email=False, addresses=(), seen_version=2)}, by=hanako)
    email_addresses.set_language(office, "en", by=hanako)
    email_addresses.remove(office, by=hanako)

    assert sentences(shop) == [
        "山田 花子 removed office@ok.test.",
        "山田 花子 chose the language of mail to office@ok.test: English.",
        "山田 花子 switched off e-mail for “Listing created”.",
        "山田 花子 had “Listing created” sent to the default address from now on.",
        "山田 花子 switched on e-mail for “Listing created”, to office@ok.test.",
        "office@ok.test was confirmed by the link in the mail.",
        "山田 花子 added office@ok.test.",
    ]


@pytest.mark.parametrize(
    ("key", "email", "states", "included", "standing"),
    [
        ("order_confirmed", True, ["active"], True, PreferenceStatus.ON),
        ("order_confirmed", True, ["unconfirmed", "active"], True, PreferenceStatus.ON),
        ("order_confirmed", True, ["unconfirmed", "failing", "refused"], True, PreferenceStatus.NOT_REACHING),
        ("order_confirmed", False, ["active"], True, PreferenceStatus.OFF),
        ("account_suspended", True, ["active"], True, PreferenceStatus.REQUIRED),
        ("account_suspended", True, ["failing"], True, PreferenceStatus.NOT_REACHING),
        ("report_open_listings", True, ["active"], False, PreferenceStatus.NOT_IN_PLAN),
    ],
)
def test_standing_in_one_word(key, email, states, included, standing):
    choice = preferences.EffectivePreference(type=DEFAULTS[key].type, email=email, line=False)

    assert preference_status(choice, [AddressState(state) for state in states], included=included) == standing


wishes = st.dictionaries(
    st.sampled_from(KEYS),
    st.tuples(
        st.booleans(),
        st.lists(st.sampled_from(["default", "a", "b", "c"]), max_size=4),
        st.lists(st.sampled_from(["a@ok.test", "A@ok.test", "new@ok.test", "hanako@ok.test"]), max_size=3),
    ),
)


@given(rounds=st.lists(wishes, max_size=4))
@settings(max_examples=25, suppress_health_check=ONE_FIXTURE_FOR_ALL_EXAMPLES)
def test_what_is_saved_is_read_again(shop, hanako, rounds):
    Preference.objects.filter(account=shop).delete()
    default = email_addresses.default_addresses([shop.pk])[shop.pk]
    rows = dict(
        zip(
            "abc",
            email_addresses.add_missing(shop, ["a@ok.test", "b@ok.test", "c@ok.test"], by=hanako),
            strict=True,
        )
    )
    rows["default"] = default

    for wanted in rounds:
        before = preferences.load_all(shop)
        asked = {
            key: PreferenceInput(email, tuple(rows[name].pk for name in names), tuple(new), before[key].version)
            for key, (email, names, new) in wanted.items()
        }
        saved = preferences.save(shop, asked, by=hanako)

        now = preferences.load_all(shop)
        by_email = {email_addresses.same(row.email): row.pk for row in Address.objects.filter(account=shop)}
        for key, wish in asked.items():
            named = {*wish.addresses, *(by_email[email_addresses.same(email)] for email in wish.new)}
            assert now[key].email == (wish.email or now[key].type.required)
            assert set(now[key].addresses or [default.pk]) == (named or {default.pk})
        changed = {change.type_key for change in saved.changes}
        for key, choice in now.items():
            assert choice.version == before[key].version + (key in changed)
            assert (choice == before[key]) == (key not in changed)
