"""The look of flex components as class names, with the stylesheet behind them: style attributes are not allowed.

Measures as in LINE's Flex Message Simulator.
"""

import re
from typing import Any

_STEPS = {"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16, "xxl": 20}
_TEXT_SIZES = {
    "xxs": 11,
    "xs": 13,
    "sm": 14,
    "md": 16,
    "lg": 19,
    "xl": 22,
    "xxl": 29,
    "3xl": 35,
    "4xl": 48,
    "5xl": 74,
}
_BORDERS = {"none": 0, "light": 1, "normal": 1, "semi-bold": 2, "bold": 3}
_BUBBLES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
_PADDINGS = {"Top": "pt", "Bottom": "pb", "Start": "ps", "End": "pe"}
_WORDS = {
    "weight": ("bold",),
    "style": ("italic",),
    "decoration": ("underline", "line-through"),
    "align": ("start", "center", "end"),
    "justifyContent": ("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
    "alignItems": ("center", "flex-start", "flex-end"),
}
_COLOURED, _COUNTED = ("ink", "ground", "edge"), ("grow", "lines")
_DECLARED = {
    "ink": "color:{}",
    "ground": "background:{}",
    "edge": "border-color:{}",
    "fs": "font-size:{}",
    "mt": "margin-top:{}",
    "ms": "margin-inline-start:{}",
    "gap": "gap:{}",
    "pa": "padding:{}",
    "pt": "padding-top:{}",
    "pb": "padding-bottom:{}",
    "ps": "padding-inline-start:{}",
    "pe": "padding-inline-end:{}",
    "r": "border-radius:{}",
    "bw": "border-width:{}",
    "w": "width:{}",
    "h": "height:{}",
    "grow": "flex:{0} {0} 0",
    "lines": "-webkit-line-clamp:{}",
}
MAX_TOKENS = 500


class Look:
    """Gives out class names, and remembers which ones need a rule of their own."""

    def __init__(self) -> None:
        self._used: dict[str, None] = {}

    def __call__(self, part: dict[str, Any], layout: str = "vertical") -> str:
        """The classes of a component in a box of that layout."""
        kind = part.get("type", "")
        found = [f"f-{kind}"]
        if kind == "box":
            found.append(f"f-{part.get('layout')}")
            found += self._lengths(part, {"spacing": "gap", "cornerRadius": "r", "width": "w", "height": "h"})
            found += self._lengths(part, {"paddingAll": "pa"})
            found += self._lengths(part, {f"padding{side}": token for side, token in _PADDINGS.items()})
            found += self._colours(part, {"backgroundColor": "ground", "borderColor": "edge"})
            if width := part.get("borderWidth"):
                found += ["f-edged", *self._length("bw", width, _BORDERS)]
        elif kind == "text":
            found += self._length("fs", part.get("size", "md"), _TEXT_SIZES)
            found += self._colours(part, {"color": "ink"})
            found.append("f-wraps" if part.get("wrap") else "f-cut")
            if isinstance(lines := part.get("maxLines"), int) and lines > 0:
                found += ["f-clamped", *self._use(f"lines-{lines}")]
        elif kind == "span":
            found += self._length("fs", part.get("size", ""), _TEXT_SIZES)
            found += self._colours(part, {"color": "ink"})
        elif kind == "button":
            style = part.get("style", "link")
            found += [f"f-{style}", f"f-{part.get('height', 'md')}"]
            found += self._colours(part, {"color": "ink" if style == "link" else "ground"})
        elif kind == "separator":
            found += self._colours(part, {"color": "edge"})
        found += [part[name] for name, words in _WORDS.items() if part.get(name) in words]
        along = layout in ("horizontal", "baseline")
        found += self._length("ms" if along else "mt", part.get("margin", ""), _STEPS)
        flex = part.get("flex", 1 if along and kind not in ("separator", "icon") else None)
        if isinstance(flex, int):
            found += self._use(f"grow-{flex}") if flex else ["f-own-size"]
        return " ".join(found)

    def block(self, bubble: dict[str, Any], block: str) -> str:
        """The classes of a bubble's header, hero, body or footer."""
        style = (bubble.get("styles") or {}).get(block) or {}
        ruled = ["f-ruled"] if style.get("separator") else []
        return " ".join([f"b-{block}", *ruled, *self._colours(style, {"backgroundColor": "ground"})])

    def bubble(self, bubble: dict[str, Any]) -> str:
        size = bubble.get("size", "mega")
        return f"bubble bubble-{size if size in _BUBBLES else 'mega'}"

    @property
    def address(self) -> str:
        """Of the stylesheet for everything that was drawn."""
        return f"/line/look.css?of={'.'.join(list(self._used)[:MAX_TOKENS])}"

    def _use(self, token: str) -> list[str]:
        self._used[token] = None
        return [token]

    def _colours(self, part: dict[str, Any], names: dict[str, str]) -> list[str]:
        given = {token: str(part.get(name, "")) for name, token in names.items()}
        return [
            one
            for token, value in given.items()
            if re.fullmatch(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})", value)
            for one in self._use(f"{token}-{value[1:].lower()}")
        ]

    def _lengths(self, part: dict[str, Any], names: dict[str, str]) -> list[str]:
        return [one for name, token in names.items() for one in self._length(token, part.get(name, ""), _STEPS)]

    def _length(self, token: str, value: str, words: dict[str, int]) -> list[str]:
        if value in words:
            return self._use(f"{token}-{words[value]}px")
        if found := re.fullmatch(r"(\d{1,4})(?:\.(\d{1,2}))?(px|%)", value):
            part = f"d{found[2]}" if found[2] else ""
            return self._use(f"{token}-{found[1]}{part}{'px' if found[3] == 'px' else 'pc'}")
        return []


def sheet(tokens: str) -> str:
    """The rules for tokens, joined by full stops; what is none is left out."""
    return "\n".join(rule for token in tokens.split(".")[:MAX_TOKENS] if (rule := _rule(token)))


def _rule(token: str) -> str:
    name, _dash, value = token.partition("-")
    if name in _COLOURED:
        found = re.fullmatch("[0-9a-f]{6}|[0-9a-f]{8}", value)
        said = f"#{value}"
    elif name in _COUNTED:
        found = re.fullmatch("[0-9]{1,3}", value)
        said = value
    else:
        found = re.fullmatch("([0-9]{1,4})(?:d([0-9]{1,2}))?(px|pc)", value)
        said = f"{found[1]}.{found[2] or 0}{'px' if found[3] == 'px' else '%'}" if found else ""
    declared = _DECLARED.get(name)
    return f".{token}{{{declared.format(said)}}}" if found and declared else ""
