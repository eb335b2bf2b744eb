"""The token in every optional mail: nobody else can write one, and it outlives a change of the secret key."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications.models import Address
from notifications.recipients.email_addresses import UnsubscribeState, open_unsubscribe_link, unsubscribe_token
from notifications.recipients.email_addresses.unsubscribe_link import VALID_FOR, read_unsubscribe_token
from notifications.types.definitions import TYPES
from notifications.types.enums import AddressState

ADDRESS_ID = UUID("01939c2e-5d2b-7c3a-9d55-0b8f3f6f0c11")
TOKEN = unsubscribe_token(ADDRESS_ID, "order_confirmed", "hanako@ok.test")


@pytest.fixture
def address(shop, hanako) -> Address:
    return Address.objects.create(account=shop, email="Hanako@ok.test", state=AddressState.ACTIVE)


def state(token: str) -> UnsubscribeState:
    return open_unsubscribe_link(token).state


@given(address_id=st.uuids(), type_key=st.sampled_from(list(TYPES)), email=st.emails())
def test_what_is_written_is_read_back(address_id, type_key, email):
    token = unsubscribe_token(address_id, type_key, email)

    named = read_unsubscribe_token(token)

    assert named is not None
    assert (named.address_id, named.type_key, named.age) == (address_id, type_key, timedelta())
    assert token.replace("-", "").replace("_", "").isalnum()
    assert len(token) <= 100


@given(position=st.integers(0, len(TOKEN) - 1), instead=st.characters(codec="ascii"))
def test_no_other_spelling_of_a_token_is_read(position, instead):
    changed = TOKEN[:position] + instead + TOKEN[position + 1 :]

    assert (read_unsubscribe_token(changed) is None) == (changed != TOKEN)


@given(anything=st.text(max_size=250))
def test_anything_else_is_no_token(anything):
    assert read_unsubscribe_token(anything) is None
    assert read_unsubscribe_token(TOKEN + anything) is None or anything == ""


def test_it_outlives_a_change_of_the_secret_key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert read_unsubscribe_token(TOKEN) is not None

    settings.SECRET_KEY_FALLBACKS = []
    assert read_unsubscribe_token(TOKEN) is None


def test_a_link_names_address_and_type(address):
    link = open_unsubscribe_link(unsubscribe_token(address.pk, "claim_opened", "hanako@OK.test"))

    assert (link.state, link.address, link.kind) == (UnsubscribeState.VALID, address, TYPES["claim_opened"])


def test_it_is_valid_for_a_year(address):
    token = unsubscribe_token(address.pk, "claim_opened", address.email)

    with time_machine.travel(timezone.now() + VALID_FOR, tick=False):
        assert state(token) is UnsubscribeState.VALID
    with time_machine.travel(timezone.now() + VALID_FOR + timedelta(days=1), tick=False):
        assert state(token) is UnsubscribeState.EXPIRED


def test_an_address_that_is_gone_or_another_one_now_is_not_touched(address):
    token = unsubscribe_token(address.pk, "claim_opened", address.email)

    Address.objects.update(email="taro@ok.test")
    assert state(token) is UnsubscribeState.GONE

    Address.objects.all().delete()
    assert state(token) is UnsubscribeState.GONE


def test_what_is_required_cannot_be_stopped_even_by_a_genuine_token(address):
    assert state(unsubscribe_token(address.pk, "account_at_risk", address.email)) is UnsubscribeState.REQUIRED


def test_a_type_that_left_the_catalogue_is_unknown(address):
    assert state(unsubscribe_token(address.pk, "of_old", address.email)) is UnsubscribeState.UNKNOWN


@override_settings(SECRET_KEY="another" * 10)
def test_nothing_is_looked_up_for_a_forged_token(address, django_assert_num_queries):
    with override_settings(SECRET_KEY="guessed" * 10):
        forged = unsubscribe_token(address.pk, "claim_opened", address.email)

    with django_assert_num_queries(0):
        assert state(forged) is UnsubscribeState.UNKNOWN
