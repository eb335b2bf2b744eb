"""Jinja2 pages, always escaped."""

import re
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sandbox.web.server import Response

FOLDER = Path(__file__).parent


def linked(text: str) -> Markup:
    """Escaped text in which web addresses can be clicked."""
    pieces = re.split(r"(https?://[^\s<>\"'）」]+)", text)
    return Markup("").join(
        Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>').format(piece)
        if index % 2
        else escape(piece)
        for index, piece in enumerate(pieces)
    )


def local_time(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_environment.filters.update(linked=linked, local_time=local_time)


def page(template: str, **values: object) -> Response:
    return Response(_environment.get_template(template).render(**values))


def stylesheet() -> Response:
    return Response((FOLDER / "static" / "sandbox.css").read_text(), content_type="text/css; charset=utf-8")
