"""FEED_PROCESSING_FINISHED: the marketplace processed, or could not process, a feed of the shop's system."""

from .message import Ignored, Message, Told

_TITLE = {
    "ja": "ショップシステムから送信されたデータを処理できませんでした",
    "en": "Data that your system sent could not be processed",
}
_HAPPENED = {
    "ja": "ショップシステムから送信されたデータ（フィード）の処理が、マーケットプレイスでエラーになりました。",
    "en": "A feed that your system sent to the marketplace ended with an error.",
}
_STEPS = (
    {
        "ja": "ショップシステムの担当者に、フィードIDと種類を伝えてください。",
        "en": "Tell whoever runs your shop system the feed ID and its type.",
    },
    {
        "ja": "処理結果のレポートでエラーの内容を確認し、データを修正して送信し直してください。",
        "en": "Read the errors in the processing report, correct the data and send it again.",
    },
    {
        "ja": "価格や在庫数など、急ぐ変更はマーケットプレイスの管理画面で直接行ってください。",
        "en": "Make urgent changes, such as prices and quantities, on the marketplace's own pages.",
    },
)
_UNFINISHED = frozenset({"IN_QUEUE", "IN_PROGRESS"})


def feed_finished(message: Message) -> Told:
    """Return an event when the feed failed as a whole (FATAL)."""
    payload = message.payload
    match payload.word("processingStatus"):
        case "FATAL":
            feed_id, kind = payload.text("feedId", max_length=64), payload.text("feedType", max_length=80)
            data: dict[str, object] = {
                "title": _TITLE,
                "happened": _HAPPENED,
                "body": _body(feed_id, kind),
                "steps": list(_STEPS),
            }
            return message.event("technical_notice", message.key("feed", feed_id), data)
        case "DONE":
            return Ignored("The feed was processed.")
        case "CANCELLED":
            return Ignored("The feed was called off before it was processed.")
        case status if status in _UNFINISHED:
            return Ignored("The feed is not finished.")
        case _:
            raise payload.unknown("processingStatus")


def _body(feed_id: str, kind: str) -> dict[str, str]:
    return {
        "ja": f"フィードID：{feed_id}\n\n種類：{kind}\n\nこのデータは、マーケットプレイスに反映されていません。",
        "en": f"Feed ID: {feed_id}\n\nType: {kind}\n\nNothing of it was taken over by the marketplace.",
    }
