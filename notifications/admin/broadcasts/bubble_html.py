"""Render SellerHub's LINE bubble as HTML: only the Flex components that `rendering.line_bubble` produces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...delivery.rendering.line_bubble import GREEN, INK, RED, SOFT

_COLOURS = {INK: "ink", SOFT: "soft", GREEN: "green", RED: "red"}


@dataclass(frozen=True, slots=True)
class Part:
    """One Flex component: a text, a separator, a button, or a box with parts."""

    kind: str
    """text, separator, button or box."""
    look: str
    """CSS class names."""
    words: str = ""
    parts: tuple["Part", ...] = ()


def draw(bubble: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the parts of the header, the body and the footer, where present."""
    return tuple(_part(bubble[name]) for name in ("header", "body", "footer") if name in bubble)


def _part(flex: Mapping[str, Any]) -> Part:
    kind = flex["type"]
    if kind == "button":
        return Part(kind, f"bubble-{flex['style']}", flex["action"]["label"])
    if kind == "text":
        return Part(kind, _look_of_text(flex), flex["text"])
    if kind == "box":
        row = "bubble-row" if flex["layout"] == "baseline" else "bubble-column"
        return Part(kind, row + _margin(flex), parts=tuple(_part(one) for one in flex["contents"]))
    return Part(kind, _margin(flex).strip())


def _look_of_text(flex: Mapping[str, Any]) -> str:
    look = f"bubble-{flex.get('size', 'md')} bubble-{_COLOURS.get(flex['color'], 'ink')}" + _margin(flex)
    if flex.get("weight") == "bold":
        look += " bubble-bold"
    return look


def _margin(flex: Mapping[str, Any]) -> str:
    return f" bubble-margin-{flex['margin']}" if "margin" in flex else ""
