"""Render the plain-text part of an e-mail. Lines are never wrapped, and every URL has a line of its own."""

from notifications.types.content import MessageContent

from .email_layout import TOKEN, EmailLayout

_RULE = "-" * 40


def lay_out(story: MessageContent, frame: EmailLayout, page_url: str, options_url: str, unsubscribe_url: str) -> str:
    """Return the plain text, with placeholders for address and token."""
    colon = frame.colon
    lines = [f"{frame.brand} – {frame.shop}", "", story.headline, _RULE, story.happened]
    for paragraph in story.paragraphs:
        lines += ["", paragraph]
    if story.facts:
        lines.append("")
        for label, value, url in story.facts:
            lines.append(f"{label}{colon}{value}")
            if url:
                lines.append(url)
    if story.table:
        headers, rows = story.table
        for main, detail, values in rows:
            lines += ["", f"- {main}"]
            if detail:
                lines.append(f"  {detail}")
            lines += [f"  {label}{colon}{value}" for label, value in zip(headers[1:], values, strict=True)]
    if story.todo:
        lines += ["", f"■ {frame.todo_title}"]
        if len(story.todo) == 1:
            lines.append(story.todo[0])
        else:
            lines += [f"{number}. {step}" for number, step in enumerate(story.todo, 1)]
    lines += ["", f"▶ {story.action}", page_url]
    for title, points in story.sections:
        lines += ["", f"■ {title}", *[f"- {point}" for point in points]]
    if story.note:
        lines += ["", story.note]
    lines += ["", _RULE, frame.choice, options_url, *frame.foot]
    if unsubscribe_url:
        lines += [frame.stop + colon.rstrip(), unsubscribe_url + TOKEN]
    lines.append("")
    return "\n".join(lines)
