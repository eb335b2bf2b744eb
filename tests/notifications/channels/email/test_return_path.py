"""The envelope sender names the try, and nobody else can write one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.email.return_path import AttemptRef, ReturnPath

LEFT = AttemptRef(UUID("01938f2e-0000-7000-8000-0123456789ab"), datetime(2026, 11, 25, 9, 30, 0, 250_000, UTC))
PATH = ReturnPath("bounce.sellers.test", secret="one")


def test_what_is_written_is_read_again():
    address = PATH.address(LEFT).decode()

    assert PATH.read(address) == LEFT
    assert PATH.read(f"<{address}>") == LEFT
    assert address.startswith("bounce+")
    assert len(address.partition("@")[0]) <= 64


def test_a_server_may_change_the_case():
    assert PATH.read(PATH.address(LEFT).decode().upper()) == LEFT


def test_each_try_has_its_own():
    later = AttemptRef(LEFT.delivery_id, LEFT.at + timedelta(milliseconds=1))

    assert PATH.address(later) != PATH.address(LEFT)


def test_former_secrets_are_still_read():
    rotated = ReturnPath("bounce.sellers.test", secret="two", former_secrets=["one"])

    assert rotated.read(PATH.address(LEFT).decode()) == LEFT


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounce@bounce.sellers.test",
        "bounce+@bounce.sellers.test",
        "bounce+" + "a" * 48 + "@bounce.sellers.test",
        "bounce+" + "é" * 48 + "@bounce.sellers.test",
        ReturnPath("bounce.sellers.test", secret="somebody else").address(LEFT).decode(),
        ReturnPath("bounce.other.test", secret="one").address(LEFT).decode(),
        PATH.address(LEFT).decode().replace("@", "a@"),
    ],
)
def test_what_we_did_not_write_names_nothing(address):
    assert PATH.read(address) is None


@given(st.integers(7, 54), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_letter_of_it_can_be_changed(place, letter):
    address = PATH.address(LEFT).decode()
    changed = address[:place] + letter + address[place + 1 :]

    assert PATH.read(changed) == (LEFT if changed == address else None)


@given(st.text(max_size=120))
def test_no_text_at_all_makes_it_raise(text):
    PATH.read(text)


@given(st.uuids(), st.integers(1_500_000_000_000, 4_000_000_000_000))
def test_any_delivery_at_any_time(delivery_id, milliseconds):
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)

    read = PATH.read(PATH.address(AttemptRef(delivery_id, at)).decode())

    assert read is not None
    assert read.delivery_id == delivery_id
    assert abs(read.at - at) <= timedelta(milliseconds=1)


def test_two_deliveries_are_told_apart():
    assert PATH.address(AttemptRef(uuid4(), LEFT.at)) != PATH.address(LEFT)
