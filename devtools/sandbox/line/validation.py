"""What LINE refuses before anything is sent, in its words.

https://developers.line.biz/en/reference/messaging-api/#error-responses
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from devtools.sandbox.line import flex, models
from devtools.sandbox.line.flex import units

MAX_MESSAGES, MAX_TEXT_LENGTH, MAX_ALT_TEXT_LENGTH = 5, 5_000, 1_500
MAX_RECEIVERS, MAX_QUICK_REPLIES = 500, 13
_NEEDED = {"push": "to", "multicast": "to", "reply": "replyToken", "validate": ""}
_ALSO = {"notificationDisabled", "customAggregationUnits"}
_TYPES = ("text", "textV2", "sticker", "image", "video", "audio", "location", "template", "imagemap", "flex")
Details = list[dict[str, str]]


class Refusal(NamedTuple):
    message: str
    details: Details = []


def check(body: bytes, kind: str) -> tuple[dict[str, Any], Refusal | None]:
    """The request as JSON, and what is wrong with it. `kind`: push, multicast, reply or validate."""
    try:
        request = json.loads(body)
    except ValueError as error:
        at = f"(line: {getattr(error, 'lineno', '-')}, column: {getattr(error, 'colno', '-')})"
        return {}, Refusal(f"The request body could not be parsed as JSON {at}")
    if not isinstance(request, dict):
        return {}, Refusal("The request body could not be parsed as JSON (line: 1, column: 1)")
    if details := list(_of_request(request, kind)):
        told = [{"message": words, "property": place} for place, words in details]
        return request, Refusal(f"The request body has {len(told)} error(s)", told)
    for number, message in enumerate(request["messages"]):
        if found := list(_inside(message)):
            told = [{"message": words, "property": place} for place, words in found]
            return request, Refusal(f"A message (messages[{number}]) in the request body is invalid", told)
    return request, None


def _of_request(request: dict[str, Any], kind: str) -> Iterator[models.Problem]:
    wanted = _NEEDED[kind]
    value = request.get(wanted)
    if wanted and not value:
        yield wanted, "May not be empty"
    elif kind == "multicast":
        if not isinstance(value, list) or len(value) > MAX_RECEIVERS:
            yield wanted, f"Size must be between 1 and {MAX_RECEIVERS}"
    elif wanted and not isinstance(value, str):
        yield wanted, "invalid property"
    for name in request.keys() - {wanted, "messages"} - _ALSO:
        yield name, "unknown field"
    if not isinstance(request.get("notificationDisabled", False), bool):
        yield "notificationDisabled", "invalid property"
    messages = request.get("messages")
    if not messages:
        yield "messages", "May not be empty"
    elif not isinstance(messages, list) or len(messages) > MAX_MESSAGES:
        yield "messages", f"Size must be between 1 and {MAX_MESSAGES}"
    else:
        for number, message in enumerate(messages):
            yield from _of_message(message, f"messages[{number}]")


def _of_message(message: Any, place: str) -> Iterator[models.Problem]:
    if not isinstance(message, dict):
        yield place, "invalid property"
        return
    kind = message.get("type")
    if kind not in _TYPES:
        yield f"{place}.type", f"Must be one of the following values: [{', '.join(_TYPES)}]"
    elif kind == "text":
        yield from _words(message.get("text"), f"{place}.text", MAX_TEXT_LENGTH)
    elif kind in ("flex", "template", "imagemap"):
        yield from _words(message.get("altText"), f"{place}.altText", MAX_ALT_TEXT_LENGTH)


def _words(text: Any, place: str, limit: int) -> Iterator[models.Problem]:
    if not isinstance(text, str) or not text:
        yield place, "May not be empty"
    elif units(text) > limit:
        yield place, f"Length must be between 0 and {limit}"


def _inside(message: dict[str, Any]) -> Iterator[models.Problem]:
    if message["type"] == "flex":
        contents = message.get("contents")
        if contents is None:
            yield "/", "must be specified"
            return
        yield from flex.wrong(contents)
        message = {**message, "contents": {"type": "carousel", "contents": []}}
    found = list(models.problems("Message", message))
    yield from found
    if found or "quickReply" not in message:
        return
    items = message["quickReply"].get("items") or []
    if not 1 <= len(items) <= MAX_QUICK_REPLIES:
        yield "/quickReply/items", f"Size must be between 1 and {MAX_QUICK_REPLIES}"
    for number, item in enumerate(items):
        if action := item.get("action"):
            place = f"/quickReply/items/{number}/action"
            yield from flex.of_action(action, place, flex.MAX_OTHER_LABEL_LENGTH, needs_label=True)
