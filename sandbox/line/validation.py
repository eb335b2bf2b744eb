"""What LINE refuses before anything is sent, in its words."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

Details = list[dict[str, str]]
MOST_MESSAGES, LONGEST_TEXT, LONGEST_ALT_TEXT = 5, 5_000, 1_500
LARGEST_BUBBLE = 30 * 1024
_LIMITS = {"uri": 1_000, "data": 300, "label": 40}


def problems(body: bytes, kind: str) -> tuple[dict[str, Any], Details]:
    """The request as JSON, and what is wrong with it. `kind`: push, multicast or reply."""
    try:
        request = json.loads(body)
    except ValueError:
        return {}, [{"message": "The request body could not be parsed as JSON", "property": ""}]
    if not isinstance(request, dict):
        return {}, [{"message": "May not be empty", "property": ""}]
    wanted = {"push": "to", "multicast": "to", "reply": "replyToken"}[kind]
    found: Details = []
    if not request.get(wanted):
        found.append({"message": "May not be empty", "property": wanted})
    messages = request.get("messages")
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        found.append({"message": "Size must be between 1 and 5", "property": "messages"})
        return request, found
    for number, message in enumerate(messages):
        found += [{"message": words, "property": f"messages[{number}]{place}"} for place, words in _wrong(message)]
    return request, found


def _wrong(message: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(message, dict):
        yield "", "Must be an object"
        return
    if message.get("type") == "text":
        text = message.get("text")
        if not isinstance(text, str) or not text:
            yield ".text", "May not be empty"
        elif _units(text) > LONGEST_TEXT:
            yield ".text", "Length must be between 0 and 5000"
        return
    if message.get("type") != "flex":
        if message.get("type") not in ("sticker", "image", "video", "audio", "location", "template", "imagemap"):
            yield ".type", "Must be one of the following values: [text, flex, …]"
        return
    alt_text = message.get("altText")
    if not isinstance(alt_text, str) or not 0 < _units(alt_text) <= LONGEST_ALT_TEXT:
        yield ".altText", f"Length must be between 1 and {LONGEST_ALT_TEXT}"
    contents = message.get("contents")
    yield from _flex(contents)
    for bubble in _bubbles(contents):
        if len(json.dumps(bubble, ensure_ascii=False).encode()) > LARGEST_BUBBLE:
            yield ".contents", "The bubble is too large"
        yield from _parts(bubble, ".contents")


def _flex(contents: Any) -> Iterator[tuple[str, str]]:
    """By the models of LINE's own SDK; what they would drop without a word is refused as LINE does."""
    from linebot.v3.messaging.models import FlexContainer  # slow import: the mail part starts without it

    if not isinstance(contents, dict) or contents.get("type") not in ("bubble", "carousel"):
        yield ".contents.type", "invalid property"
        return
    try:
        model = FlexContainer.from_dict(contents)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        yield ".contents", f"invalid property: {str(error).splitlines()[0]}"
        return
    kept = json.loads(json.dumps(model.to_dict() if model else {}))
    for place in _dropped(contents, kept, ".contents"):
        yield place, "unknown field"


def _dropped(given: Any, kept: Any, place: str) -> Iterator[str]:
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            if name not in kept:
                yield f"{place}.{name}"
            else:
                yield from _dropped(value, kept[name], f"{place}.{name}")
    elif isinstance(given, list) and isinstance(kept, list):
        for number, (one, other) in enumerate(zip(given, kept, strict=False)):
            yield from _dropped(one, other, f"{place}[{number}]")


def _bubbles(contents: Any) -> list[Any]:
    if not isinstance(contents, dict):
        return []
    return list(contents.get("contents") or []) if contents.get("type") == "carousel" else [contents]


def _parts(part: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, dict):
        if part.get("type") == "text" and not part.get("text") and not part.get("contents"):
            yield f"{place}.text", "must be non-empty text"
        action = part.get("action")
        if isinstance(action, dict):
            for name, limit in _LIMITS.items():
                if _units(str(action.get(name, ""))) > limit:
                    yield f"{place}.action.{name}", f"must not be longer than {limit} characters"
            if action.get("type") == "uri" and not str(action.get("uri", "")).startswith(
                ("https://", "http://", "line://", "tel:")
            ):
                yield f"{place}.action.uri", "invalid uri scheme"
        for name, value in part.items():
            yield from _parts(value, f"{place}.{name}")
    elif isinstance(part, list):
        for number, one in enumerate(part):
            yield from _parts(one, f"{place}[{number}]")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
