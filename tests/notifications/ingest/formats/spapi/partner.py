"""What the Selling Partner API might send, and a short way to receive it."""

import json
from pathlib import Path
from typing import Any

from notifications.ingest.messages.intake import receive
from notifications.ingest.messages.receipts import Receipt
from notifications.models import Source

SAMPLES = Path(__file__).parent.parent / "samples"
SELLER = "A1HANAKOSHOP01"
SUBSCRIPTION = "5f0c7a52-8f4d-4c1e-9a76-1b2f0d6e7a10"
MARKETPLACE = "A1VC38T7YXB528"
SKU = "HC-YUNOMI-02"


def sample(name: str, *, id: str | None = None, **changes: Any) -> dict[str, Any]:
    """A sample; each of the changes replaces the field of that name, wherever it stands."""
    message: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    if id is not None:
        changes |= {"NotificationId": id, "notificationId": id}
    return _changed(message, changes)


def _changed(value: Any, changes: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_changed(one, changes) for one in value]
    if isinstance(value, dict):
        return {name: changes[name] if name in changes else _changed(one, changes) for name, one in value.items()}
    return value


def body(*messages: Any) -> bytes:
    return json.dumps(list(messages), ensure_ascii=False).encode()


def send(source: Source, *messages: Any) -> list[Receipt]:
    return receive(source, body(*messages), way="http")


def statuses(receipts: list[Receipt]) -> list[str]:
    return [receipt.outcome.value for receipt in receipts]
