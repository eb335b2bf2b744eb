"""Render the HTML part of an e-mail, with one Jinja template for all notification types."""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from notifications.types.content import MessageContent

from .email_layout import TOKEN, EmailLayout

_SPECIAL = re.compile(r"[&<>\"']")
_FOLDER = Path(__file__).resolve().parents[3] / "templates" / "notifications" / "messages"


def escape(value: str) -> str:
    """Return the text with HTML's special characters escaped."""
    return html.escape(value) if _SPECIAL.search(value) else value


def _template(name: str, *, every_value: Callable[[str], str]) -> Template:
    environment = Environment(  # noqa: S701  (`finalize` escapes every value in a third of autoescape's time)
        loader=FileSystemLoader(_FOLDER),
        finalize=every_value,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return environment.get_template(name)


_OPENING = _template("opening.html.jinja", every_value=escape)
_LETTER = _template("letter.html.jinja", every_value=escape)


@lru_cache(maxsize=32)
def opening(language_code: str) -> str:
    """Return the HTML with which every e-mail in this language begins, whatever its content."""
    return _OPENING.render(language=language_code) + "\n"


def lay_out(story: MessageContent, frame: EmailLayout, page_url: str, options_url: str, unsubscribe_url: str) -> str:
    """Return the HTML after the opening, with placeholders for address and token."""
    headers, rows = story.table or ((), ())
    words = {
        "brand": frame.brand,
        "shop": frame.shop,
        "urgent": frame.urgent,
        "kicker": frame.kicker,
        "subject": story.subject,
        "headline": story.headline,
        "happened": story.happened,
        "facts": story.facts,
        "paragraphs": story.paragraphs,
        "headers": headers,
        "rows": rows,
        "todo_title": frame.todo_title,
        "todo": story.todo,
        "action": story.action,
        "page_url": page_url,
        "sections": story.sections,
        "note": story.note,
        "choice": frame.choice,
        "choice_link": frame.choice_link,
        "options_url": options_url,
        "foot": frame.foot,
        "stop": frame.stop,
        "stop_url": unsubscribe_url + TOKEN if unsubscribe_url else "",
    }
    context = _LETTER.new_context(words, shared=True)  # `render()` would copy the variables first
    return "".join(_LETTER.root_render_func(context))
