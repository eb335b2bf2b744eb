"""Every address of this LINE. api.line.me and access.line.me are one here."""

from functools import partial

from devtools.sandbox.line import tokens
from devtools.sandbox.line.consent import Consent
from devtools.sandbox.line.linking import Dialog
from devtools.sandbox.line.login import Login
from devtools.sandbox.line.messaging import Messaging
from devtools.sandbox.line.phone import PHOTO, STICKER_PICTURE, Phone, drawn
from devtools.sandbox.line.platform import Platform
from devtools.sandbox.line.scripts import Scripts
from devtools.sandbox.web.server import Route
from devtools.sandbox.web.templating import stylesheet

_USER = r"(U[0-9a-f]{32})"


def routes(platform: Platform) -> list[Route]:
    messaging, login, phone = Messaging(platform), Login(platform), Phone(platform)
    consent, dialog, scripts = Consent(platform), Dialog(platform), Scripts(platform)
    return [
        # Messaging API
        ("POST", "/v2/bot/message/push", messaging.push),
        ("POST", "/v2/bot/message/multicast", messaging.multicast),
        ("POST", "/v2/bot/message/reply", messaging.reply),
        ("POST", "/v2/bot/message/validate/(push|reply|multicast)", messaging.validate),
        ("POST", "/v2/bot/user/(U?[0-9A-Za-z]{1,40})/linkToken", messaging.link_token),
        ("GET", "/v2/bot/profile/(U?[0-9A-Za-z]{1,40})", messaging.profile),
        ("GET", "/v2/bot/info", messaging.info),
        ("GET", "/v2/bot/message/quota", messaging.quota),
        ("GET", "/v2/bot/message/quota/consumption", messaging.consumption),
        ("GET", "/v2/bot/channel/webhook/endpoint", messaging.webhook),
        ("PUT", "/v2/bot/channel/webhook/endpoint", messaging.set_webhook),
        ("POST", "/v2/bot/channel/webhook/test", messaging.test_webhook),
        # LINE Login
        ("POST", "/oauth2/v3/token", partial(tokens.issue_stateless, platform)),
        ("POST", "/v2/oauth/accessToken", partial(tokens.issue_short_lived, platform)),
        ("GET", "/oauth2/v2.1/authorize", consent.authorize),
        ("POST", "/oauth2/v2.1/authorize", consent.decide),
        ("POST", "/oauth2/v2.1/token", login.token),
        ("POST", "/oauth2/v2.1/verify", login.verify),
        ("GET", "/oauth2/v2.1/verify", login.verify_access_token),
        ("POST", "/oauth2/v2.1/revoke", login.revoke),
        ("GET", "/v2/profile", login.profile),
        ("GET", "/friendship/v1/status", login.friendship),
        ("POST", "/user/v1/deauthorize", login.deauthorize),
        ("GET", "/dialog/bot/accountLink", dialog.account_link),
        # People
        ("GET", "/line/?", phone.index),
        ("GET", "/line/add", phone.add),
        ("GET", "/line/scripts", phone.scripts),
        ("GET", f"/line/phone/{_USER}", phone.phone),
        ("GET", f"/line/phone/{_USER}/chat", phone.chat),
        ("POST", f"/line/phone/{_USER}/(say|sticker|image|tap|block|unblock|follow)", phone.act),
        ("GET", rf"/line/pictures/{_USER}\.svg", phone.picture),
        ("GET", r"/line/sticker\.svg", lambda request: drawn(STICKER_PICTURE)),
        ("GET", r"/line/photo\.svg", lambda request: drawn(PHOTO)),
        ("GET", r"/line/line\.css", lambda request: stylesheet("line.css")),
        ("GET", r"/line/look\.css", phone.look),
        ("GET", f"/line/as/{_USER}", phone.become),
        # Scripts
        ("GET", "/api/line/users", scripts.users),
        ("POST", f"/api/line/users/{_USER}/(follow|block|unblock|say|tap)", scripts.act),
        ("GET", "/api/line/messages", scripts.messages),
        ("DELETE", "/api/line/messages", scripts.clear_messages),
        ("POST", "/api/line/authorize", consent.decide_by_script),
        ("GET", "/api/line/faults", scripts.faults),
        ("POST", "/api/line/faults", scripts.set_faults),
        ("DELETE", "/api/line/faults", scripts.clear_faults),
        ("POST", "/api/line/clock", scripts.advance_clock),
        ("GET", "/api/line/webhooks", scripts.webhook_log),
        ("POST", "/api/line/webhooks/raw", scripts.raw_webhooks),
        ("POST", "/api/line/webhooks/release", scripts.release_webhooks),
        ("POST", "/api/line/reset", scripts.reset),
    ]
