"""The command as it runs in production: a process, a database, mail over a socket."""

import socket
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from notifications.management.commands.receive_bounces import Place, _place
from notifications.models import ReturnedMail
from tests.returned_mail import DOMAIN, LEFT, Command


@pytest.fixture
def command(transactional_db: None) -> Iterator[Command]:
    command = Command()
    yield command
    command.kill()


def test_what_is_acknowledged_is_in_the_database_and_sigterm_ends_it(command):
    code = command.send(b"Subject: Undelivered\r\n\r\nhanako@ok.test is unknown\r\n")
    rows = list(ReturnedMail.objects.values_list("delivery_id", "sent_at", "outcome"))
    exit_code, written = command.end()

    assert code == 250
    assert rows == [(LEFT.delivery_id, LEFT.at, "")]
    assert exit_code == 0
    assert "hanako" not in written
    assert "bounce+" not in written
    assert "Traceback" not in written


def test_the_same_mail_again_is_acknowledged_and_kept_once(command):
    assert [command.send(b"one\r\n"), command.send(b"one\r\n"), command.send(b"other\r\n")] == [250, 250, 250]
    assert ReturnedMail.objects.count() == 2


def test_a_connection_that_the_database_ended_costs_no_mail(command):
    first = command.send(b"one\r\n")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    second = command.send(b"two\r\n")

    assert (first, second) == (250, 250)
    assert ReturnedMail.objects.count() == 2


def test_while_the_database_is_away_nothing_is_acknowledged():
    command = Command("postgresql://nobody@127.0.0.1:9/nothing")

    code = command.send(b"one\r\n")
    forged = command.send(b"one\r\n", to=f"nobody@{DOMAIN}")
    exit_code, written = command.end()

    assert (code, forged, exit_code) == (451, 550, 0)
    assert "Returned mail cannot be kept: OperationalError." in written


def test_without_a_bounce_domain_it_says_what_is_missing(settings):
    settings.BOUNCE_DOMAIN = ""

    with pytest.raises(CommandError, match=r"^Set BOUNCE_DOMAIN to the domain that mail comes back to"):
        call_command("receive_bounces", "--listen", "127.0.0.1:0")


def test_a_place_that_is_taken_is_a_sentence(settings):
    settings.BOUNCE_DOMAIN = DOMAIN
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=r"^It cannot listen there: Address already in use\.$"):
            call_command("receive_bounces", "--listen", f"127.0.0.1:{port}")


@pytest.mark.parametrize("place", ["", "127.0.0.1", "127.0.0.1:port", ":2526", "::1:2526", "127.0.0.1:99999"])
def test_a_place_that_is_none_is_refused(place):
    with pytest.raises(CommandError, match="is no HOST:PORT"):
        call_command("receive_bounces", "--listen", place)


def test_a_place_may_be_of_either_family():
    assert (_place("[::1]:2526"), _place("localhost:25")) == (Place("::1", 2526), Place("localhost", 25))
