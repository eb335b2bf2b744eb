"""Channel access tokens."""

from devtools.sandbox.line.answers import oauth_error, oauth_failed, said
from devtools.sandbox.line.channels import SECRETS
from devtools.sandbox.line.platform import TOKEN_SECONDS, Platform
from devtools.sandbox.web.server import Request, Response

MONTH = 30 * 24 * 3600


def issue_stateless(platform: Platform, request: Request) -> Response:
    """POST /oauth2/v3/token: a token for a quarter of an hour, which nothing revokes."""
    return _issue(platform, request, TOKEN_SECONDS)


def issue_short_lived(platform: Platform, request: Request) -> Response:
    """POST /v2/oauth/accessToken: a token for 30 days."""
    return _issue(platform, request, MONTH)


def _issue(platform: Platform, request: Request, seconds: int) -> Response:
    form = request.form
    if failure := platform.faults.next_failure("channel_token"):
        return oauth_failed(failure)
    if form.get("grant_type") != "client_credentials":
        return oauth_error("unsupported_grant_type", "unsupported grant_type")
    channel = form.get("client_id", "")
    if not form.get("client_secret") or SECRETS.get(channel) != form["client_secret"]:
        return oauth_error("invalid_client", "client_id or client_secret is wrong")
    token = platform.secret()
    platform.channel_tokens.put(token, channel, until=platform.now() + seconds)
    return said({"token_type": "Bearer", "access_token": token, "expires_in": seconds})


def bearer(request: Request) -> str:
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    return token if kind == "Bearer" else ""


def channel_of(platform: Platform, request: Request) -> str | None:
    """The channel that the bearer token was issued for."""
    found: str | None = platform.channel_tokens.get(bearer(request), now=platform.now())
    return found
