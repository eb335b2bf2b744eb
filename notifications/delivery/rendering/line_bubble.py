"""Lay out a notification as one LINE Flex Message bubble: headline, main facts, what to do, link to the site.

Colours are plain hex on white: LINE shows a bubble the same in light and dark mode.
"""

from collections.abc import Sequence
from typing import Any

from notifications.channels.line.messages import MAX_ALT_TEXT_LENGTH, cut
from notifications.types.content import Fact, Language, MessageContent

from .email_layout import EmailLayout

Part = dict[str, Any]

MAX_FACTS = 4
MAX_STEPS = 3
_MAX_HEADLINE_LENGTH = 120
_MAX_SENTENCE_LENGTH = 300
_MAX_VALUE_LENGTH = 120
_MAX_LABEL_LENGTH = 20

INK, SOFT, RULE, GREEN, RED = "#1F2A5C", "#5A5F73", "#E3E5EF", "#0B6F6A", "#A61E30"


def lay_out(story: MessageContent, frame: EmailLayout, said: Language, page_url: str) -> tuple[str, Part]:
    """Return alt text and Flex Message JSON."""
    body = [
        text(story.headline, limit=_MAX_HEADLINE_LENGTH, weight="bold", size="lg", color=INK),
        text(story.happened, limit=_MAX_SENTENCE_LENGTH, size="sm", margin="md"),
    ]
    if story.facts:
        body += [rule(), facts(story.facts[:MAX_FACTS])]
    if story.todo:
        body += [rule(), steps(frame.todo_title, story.todo)]
    source = said.gettext("LINE gives you the main points only. E-mail and the site stay the full source.")
    alt_text = cut(story.subject, MAX_ALT_TEXT_LENGTH)
    kicker = frame.kicker, RED if frame.urgent else GREEN
    return alt_text, bubble(frame.shop, kicker, body, [button(story.action, page_url)], source)


def bubble(
    shop: str, kicker: tuple[str, str], body: Sequence[Part], buttons: Sequence[Part], small_print: str = ""
) -> Part:
    """Return a bubble: the shop's name first, so that a user of two shops can tell them apart; buttons last."""
    words, colour = kicker
    head = [
        text(shop, limit=60, size="xs", color=SOFT, weight="bold"),
        text(words, limit=60, size="xs", color=colour, weight="bold"),
    ]
    foot = list(buttons)
    if small_print:
        foot.append(text(small_print, limit=_MAX_SENTENCE_LENGTH, size="xxs", color=SOFT, margin="md"))
    made: Part = {
        "type": "bubble",
        "header": box([part for part in head if part["text"]], paddingBottom="none", spacing="xs"),
        "body": box(list(body)),
    }
    if foot:
        made["footer"] = box(foot, spacing="sm")
    return made


def box(contents: Sequence[Part], **more: Any) -> Part:
    return {"type": "box", "layout": "vertical", "contents": list(contents), **more}


def text(words: str, *, limit: int, **more: Any) -> Part:
    """Return a wrapping text component; LINE refuses an empty one."""
    return {"type": "text", "text": cut(words, limit), "wrap": True, "color": INK, **more}


def rule() -> Part:
    return {"type": "separator", "margin": "lg", "color": RULE}


def facts(lines: Sequence[Fact]) -> Part:
    """Return a box of rows, each a label with its value beside it."""
    return box(
        [
            {
                "type": "box",
                "layout": "baseline",
                "spacing": "md",
                "contents": [
                    text(label, limit=40, size="xs", color=SOFT, flex=4),
                    text(value, limit=_MAX_VALUE_LENGTH, size="sm", flex=7),
                ],
            }
            for label, value, _url in lines
            if label and value
        ],
        margin="lg",
        spacing="sm",
    )


def steps(title: str, todo: Sequence[str]) -> Part:
    """Return a box with the steps to do, numbered when there are several."""
    shown = todo[:MAX_STEPS]
    return box(
        [
            text(title, limit=40, size="sm", weight="bold"),
            *(
                text(f"{number}. {step}" if len(shown) > 1 else step, limit=_MAX_SENTENCE_LENGTH, size="sm")
                for number, step in enumerate(shown, 1)
            ),
        ],
        margin="lg",
        spacing="sm",
    )


def button(label: str, url: str, *, style: str = "primary") -> Part:
    """Return a button that opens a page."""
    return _button({"type": "uri", "label": cut(label, _MAX_LABEL_LENGTH), "uri": url}, style)


def postback(label: str, data: str, *, style: str = "primary") -> Part:
    """Return a button that sends us a postback event; the label appears in the chat as the user's message."""
    shown = cut(label, _MAX_LABEL_LENGTH)
    return _button({"type": "postback", "label": shown, "data": data, "displayText": shown}, style)


def _button(action: Part, style: str) -> Part:
    made: Part = {"type": "button", "action": action, "style": style, "height": "sm"}
    if style == "primary":
        made["color"] = GREEN
    return made
