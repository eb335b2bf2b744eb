"""Jinja2 pages, always escaped."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from devtools.sandbox.web.server import Response

FOLDER = Path(__file__).parent


def linked(text: str) -> Markup:
    """Escaped text in which web addresses can be clicked."""
    pieces = re.split(r"(https?://[^\s<>\"'）」]+)", text)
    return Markup("").join(
        Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>').format(piece) if index % 2 else escape(piece)
        for index, piece in enumerate(pieces)
    )


def clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M")


def day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d")


def safe_link(uri: str) -> str:
    """Only where a browser may go."""
    return uri if uri.startswith(("https://", "http://", "tel:", "mailto:")) else "#"


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def local_time(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_environment.filters.update(
    linked=linked, local_time=local_time, clock=clock, day=day, safe_link=safe_link, as_json=as_json
)


def page(template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: object) -> Response:
    return Response(_environment.get_template(template).render(**values), status, headers=headers or {})


def stylesheet(name: str = "sandbox.css") -> Response:
    return Response((FOLDER / "static" / name).read_text(), content_type="text/css; charset=utf-8")
