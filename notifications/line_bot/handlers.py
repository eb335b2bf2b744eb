"""Handlers of LINE webhook events (follow, message, postback, account link), and their replies."""

import logging
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from ..channels.line.http import LineError, UnreachableError
from ..channels.line.responses import NO_ANSWER, NOT_CONNECTED
from ..channels.line.shared_client import client
from ..models import LineEvent, LineLink, LineUser
from ..queue import channel_pause
from ..recipients import line_account
from ..recipients.line_account import attempts, friendship
from ..types.enums import Channel, LinkEnd, LinkState
from . import replies
from .notices import retry_key
from .profiles import known
from .replies import Words

logger = logging.getLogger(__name__)

NOT_ANSWERED = "not answered"
"""The outcome of an attempt in which LINE certainly sent nothing to the user."""
_FRIENDLY = ("follow", "message", "postback")
"""Events that only a friend of the LINE account can cause."""


def act(event: LineEvent) -> str:
    """Handle the event; returns a short outcome. Raises UnreachableError when LINE must be asked again."""
    make = _ACTS.get(event.type)
    if make is None:
        return "skipped"
    if event.type != "accountLink" and not event.user_id:
        return "skipped: no user"
    if event.type in _FRIENDLY:
        friendship.befriended(event.user_id, at=event.at)
    return make(event)


def _follow(event: LineEvent) -> str:
    person = known(event.user_id)
    links = list(_links(person))
    language = _language(person, links)
    to_link_again = [link for link in links if link.state == LinkState.UNBLOCKED]
    if to_link_again:
        words = replies.link_again(to_link_again, language)
    elif links:
        words = replies.hello_again(links, language)
    else:
        words = replies.greeting(language)
    return _answer(event, words, even_late=True)


def _unfollow(event: LineEvent) -> str:
    friendship.blocked(event.user_id, at=event.at)
    return "blocked"


def _message(event: LineEvent) -> str:
    person = known(event.user_id)
    links = list(_links(person))
    return _answer(event, replies.only_sends(links, _language(person, links)))


def _postback(event: LineEvent) -> str:
    data = event.payload.get("postback")
    wanted, _colon, link_id = str(data.get("data", "") if isinstance(data, dict) else "").partition(":")
    person = known(event.user_id)
    language = _language(person, list(_links(person)))
    if wanted == replies.LINK:
        return _answer(event, _consent_link(person, language), even_late=True)
    if wanted == replies.KEEP:
        return _answer(event, replies.kept(language))
    if wanted not in (replies.UNLINK, replies.UNLINK_NOW):
        return "skipped: unknown button"
    link = _own(person, link_id)
    if link is None:
        return _answer(event, replies.not_linked(language))
    if wanted == replies.UNLINK:
        return _answer(event, replies.confirm_unlink(link, language))
    # Ending the link enqueues the notice about it, whatever happens to this event.
    line_account.end(link.account, LinkEnd.UNLINKED_IN_CHAT, by=None, only=link)
    return "unlinked"


def _consent_link(person: LineUser, language: str) -> Words:
    try:
        token = client().link_token(person.pk)
    except LineError as error:
        logger.warning("LINE gave no link token: %s.", error)
        return replies.no_link_now(language)
    attempts.begin_in_chat(person, token)
    return replies.consent_link(settings.SITE_URL + reverse("notifications:line_link", args=[token]), language)


def _account_link(event: LineEvent) -> str:
    link = event.payload.get("link")
    told: Mapping[str, Any] = link if isinstance(link, dict) else {}
    problem = attempts.complete(
        nonce=str(told.get("nonce", "")),
        user_id=event.user_id,
        succeeded=told.get("result") == "ok",
        at=event.at,
    )
    if problem is not None:
        logger.warning("LINE event %s linked nothing: %s.", event.pk, problem.value)
    return problem.value if problem else "linked"


_ACTS: Mapping[str, Callable[[LineEvent], str]] = {
    "follow": _follow,
    "unfollow": _unfollow,
    "message": _message,
    "postback": _postback,
    "accountLink": _account_link,
}


def _answer(event: LineEvent, words: Words, *, even_late: bool = False) -> str:
    """Reply to the event; returns a short outcome. With `even_late` the message is pushed when the reply token has
    expired and nothing can have been sent yet.
    Raises UnreachableError when LINE must be asked again.
    """
    if event.payload.get("mode") == "standby":
        return "standby"
    token = event.payload.get("replyToken")
    if isinstance(token, str) and token:
        answer = client().reply(token, words.alt_text, words.contents)
        if answer.status == NOT_CONNECTED:
            raise UnreachableError("No connection to LINE")
        if answer.status == 200 or answer.status >= 500 or answer.status == NO_ANSWER:
            return "answered" if answer.status == 200 else f"perhaps answered: {answer.status}"
        # On a second run the token may be invalid because it was used before the worker died.
        nothing_said = event.tries == 1 or event.outcome == NOT_ANSWERED
        if not (even_late and nothing_said):
            return f"reply refused: {answer.status}"
    elif not even_late:
        return "no reply token"
    return _push(event, words)


def _push(event: LineEvent, words: Words) -> str:
    if channel_pause.time_left(Channel.LINE) is not None:
        raise UnreachableError("LINE is paused")
    answer = client().push(event.user_id, words.alt_text, words.contents, retry_key=retry_key(event.pk))
    if answer.status in (NOT_CONNECTED, NO_ANSWER, 401, 403, 429) or answer.status >= 500:
        raise UnreachableError(f"LINE answered {answer.status}")
    return f"pushed: {answer.status}"


def _links(person: LineUser) -> QuerySet[LineLink]:
    return person.links.exclude(state=LinkState.ENDED).select_related("account").order_by("linked_at")


def _own(person: LineUser, link_id: str) -> LineLink | None:
    """Return the user's own active link, or None; a button from another user's chat has no effect."""
    try:
        return _links(person).filter(pk=UUID(link_id)).first()
    except ValueError:
        return None


def _language(person: LineUser, links: list[LineLink]) -> str:
    return replies.language_of(person, links[0].account.language if links else settings.LANGUAGE_CODE)
