"""What counts as LINE's word about a person, and what as told."""

import pytest

from notifications.channels.line import login
from notifications.channels.line.config import LineServer
from notifications.channels.line.http import LineApiError, LineError
from notifications.channels.line.login import Tokens

SERVER = LineServer(
    channel_id="1",
    channel_secret="s",
    login_channel_id="2",
    login_channel_secret="t",
    friend_url="http://line.test/add",
)
TOKENS = Tokens(access="a", refresh="r", id_token="i")
CLAIMS = {"iss": "https://access.line.me", "aud": "2", "nonce": "n", "sub": "U1", "name": "花子"}


def answer(monkeypatch, said) -> None:
    """LINE answers every form with this."""

    def post_form(url, fields):
        if isinstance(said, Exception):
            raise said
        return said

    monkeypatch.setattr(login, "post_form", post_form)


def test_a_person_is_who_line_s_claims_name(monkeypatch):
    answer(monkeypatch, CLAIMS)

    assert login.identify(SERVER, TOKENS, nonce="n").user_id == "U1"


@pytest.mark.parametrize(
    "wrong", [{"iss": "https://evil.test"}, {"aud": "3"}, {"nonce": "another"}, {"nonce": None}, {"sub": ""}]
)
def test_claims_made_for_somebody_else_name_nobody(monkeypatch, wrong):
    answer(monkeypatch, CLAIMS | wrong)

    with pytest.raises(LineError):
        login.identify(SERVER, TOKENS, nonce="n")


def test_what_line_does_not_know_any_more_counts_as_told(monkeypatch):
    answer(monkeypatch, LineApiError(400, "invalid_grant"))

    login.deauthorize(SERVER, "r")


@pytest.mark.parametrize("refused", [LineApiError(400, "invalid_client"), LineApiError(401, "invalid_client")])
def test_credentials_that_line_refuses_are_not_taken_for_told(monkeypatch, refused):
    answer(monkeypatch, refused)

    with pytest.raises(LineApiError):
        login.deauthorize(SERVER, "r")
