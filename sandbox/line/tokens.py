"""Channel access tokens."""

from sandbox.line.answers import oauth_error, said
from sandbox.line.channels import SECRETS
from sandbox.line.platform import TOKEN_SECONDS, Platform
from sandbox.web.server import Request, Response


def issue(platform: Platform, request: Request) -> Response:
    """POST /oauth2/v3/token: a stateless token for the channel whose secret is given."""
    form = request.form
    if failure := platform.faults.next_failure("channel_token"):
        return oauth_error("server_error", "fault", failure.status)
    if form.get("grant_type") != "client_credentials":
        return oauth_error("unsupported_grant_type", "unsupported grant type")
    channel = form.get("client_id", "")
    if not form.get("client_secret") or SECRETS.get(channel) != form["client_secret"]:
        return oauth_error("invalid_client", "invalid client_secret")
    token = platform.secret()
    platform.channel_tokens.put(token, channel, until=platform.now() + TOKEN_SECONDS)
    return said({"token_type": "Bearer", "access_token": token, "expires_in": TOKEN_SECONDS})


def bearer(request: Request) -> str:
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    return token if kind == "Bearer" else ""


def channel_of(platform: Platform, request: Request) -> str | None:
    """The channel that the bearer token was issued for."""
    found: str | None = platform.channel_tokens.get(bearer(request), now=platform.now())
    return found
