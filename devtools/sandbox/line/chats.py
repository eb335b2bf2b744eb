"""What stands in the chats."""

import json
from dataclasses import dataclass
from typing import Any

MAX_MESSAGES = 20_000


@dataclass(frozen=True)
class Message:
    """One line of a chat."""

    id: str
    user_id: str
    by_bot: bool
    raw: str
    """JSON: a tenth of what the same takes as objects."""
    at: float
    request_id: str
    """The request that it came with."""

    @classmethod
    def of(
        cls, message_id: str, user_id: str, by_bot: bool, content: dict[str, Any], *, at: float, request_id: str
    ) -> "Message":
        raw = json.dumps(content, ensure_ascii=False)
        return cls(message_id, user_id, by_bot, raw, at, request_id)

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def quote_token(self) -> str:
        return f"quote-{self.id}"

    def as_json(self) -> dict[str, Any]:
        content = self.content
        return {
            "id": self.id,
            "user": self.user_id,
            "from": "bot" if self.by_bot else "user",
            "type": content.get("type"),
            "text": content.get("text") or content.get("altText") or "",
            "message": content,
            "at": self.at,
            "request_id": self.request_id,
        }
