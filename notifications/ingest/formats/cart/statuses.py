"""States of a cart order and the words for them. Feeds overlap and arrive late; a state only moves forward."""

from enum import StrEnum

from django.utils.translation import pgettext

from .normalisation import spelled


class State(StrEnum):
    """The states in the order in which they can follow each other."""

    PENDING = "pending"
    """Not paid or not checked yet: must not be shipped."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    """Before it was shipped: what has left the shop cannot be cancelled, only returned."""
    SHIPPED = "shipped"
    RETURNED = "returned"

    @property
    def step(self) -> int:
        return _STEPS[self]


_STEPS = {state: step for step, state in enumerate(State)}

WORDS: dict[State, tuple[str, ...]] = {
    State.PENDING: ("保留中", "保留", "入金待ち", "未入金", "決済待ち", "pending", "on hold", "unpaid"),
    State.CONFIRMED: (
        *("注文確定", "確定", "新規", "新規注文", "新規受付", "受付", "未処理", "処理中"),
        *("入金済み", "入金確認済み"),
        *("未出荷", "未発送", "未配送", "発送待ち", "出荷待ち", "発送準備中", "出荷準備中", "配送準備中"),
        *("confirmed", "unshipped", "new", "paid", "processing"),
    ),
    State.CANCELLED: ("キャンセル", "キャンセル済み", "注文取消", "取消", "取り消し", "cancelled", "canceled"),
    State.SHIPPED: (
        *("配送完了", "配送済み", "発送済み", "出荷済み", "発送完了", "出荷完了", "処理済み"),
        *("shipped", "delivered", "completed"),
        # Carts set it on completing the shipment, some of them in this column.
        "連携失敗",
    ),
    State.RETURNED: ("返送", "返送済み", "返品", "返品済み", "returned", "return"),
}
_STATE_OF = {spelled(word): state for state, words in WORDS.items() for word in words}

_SYNC_FAILED = {spelled(word) for word in ("連携失敗", "sync_failed", "sync failed")}


def state_of(word: str) -> State | None:
    """Return the state for a cart's word, or None."""
    return _STATE_OF.get(spelled(word))


def name_of(state: State) -> str:
    """Return the translated name of a state."""
    names = {
        State.PENDING: pgettext("state of an order", "pending"),
        State.CONFIRMED: pgettext("state of an order", "confirmed"),
        State.CANCELLED: pgettext("state of an order", "cancelled"),
        State.SHIPPED: pgettext("state of an order", "shipped"),
        State.RETURNED: pgettext("state of an order", "returned"),
    }
    return names[state]


def is_sync_failed(word: str) -> bool:
    return spelled(word) in _SYNC_FAILED


def forward(known: State | None, told: State) -> State:
    """Return the later of both states, in whatever order the feeds came."""
    return told if known is None else max(known, told, key=lambda state: state.step)
