"""Template tag for icons of the SVG sprite."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, extra_class: str = "") -> SafeString:
    """Render a symbol of `icons.svg`, hidden from screen readers: text beside it must say what it means."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f"icon {extra_class}".strip(),
        static("sellerhub/icons.svg"),
        name,
    )
