"""Classify the kind of a returned mail: most mail to a return path is no bounce, and people quote bounces."""

import re
from enum import Enum, auto

from .pattern_vocabulary import any_of
from .raw_message import ParsedEmail


class MessageKind(Enum):
    """How a mail is to be parsed, and how far it is trusted."""

    REPORT = auto()
    """A delivery status notification (RFC 3464)."""
    COMPLAINT = auto()
    """A feedback report (RFC 5965)."""
    AUTO_REPLY = auto()
    """A vacation notice, a receipt (RFC 8098), a challenge: written by a machine that accepted the mail."""
    PROSE = auto()
    """A bounce in a mail server's free text."""
    DOUBTFUL = auto()
    """Reads like a bounce, or comes from a typical sender of bounces, but not both: never permanent."""
    ORDINARY = auto()
    """Anything else."""


_SYSTEM_SENDER = any_of(
    r"mailer[-_.]?daemon|mail[-_. ]?daemon|mdaemon|post[-_.]?master|mail[-_]?er\b|mailsystem|\bmta\b",
    r"mail delivery|delivery (?:sub)?system|mail (?:deliver|admin|system|server|router)|internet mail",
    r"message router",
    r"system administrator|administrator@|smtp(?:d|32|-gateway| server)?\b",
    r"undeliverable|non-?delivery|bounce[- ]?handler|returned mail|auto-?answer@",
)
_BOUNCE_SUBJECT = any_of(
    r"undeliver|non[- ]?deliver|\bndn\b|\bndr\b|\bdsn\b|\bbounced?\b|rejected",
    r"return(?:ed|ing)? (?:to sender|e-?mail|mail|message)|mail return",
    r"deliver\w*.{0,40}(?:fail|error|problem|unsuccess|impossible|abort|report|notif|status|delay|unable)",
    r"fail\w*.{0,30}(?:deliver|notice|mail|transmi|message|notif|send|address)|unable to (?:deliver|send)",
    r"(?:mail|message|address).{0,30}(?:not (?:be )?(?:deliver|sent)|fail|error|could not|delay|reject)",
    r"(?:mail|message|address).{0,30}(?:unknown|refused)",
    r"(?:could ?n[o']t|can ?not|can't|not) (?:be )?(?:deliver|send|sent)|warning: (?:could not|message)",
    r"error (?:sending|while|in|during|deliver\w*|occurr)|user (?:unknown|not found)",
    r"unknown (?:user|recipient|address)|quota|mailbox (?:is )?full",
    r"non remis|échec|non distribu|notification d'état|mancata|devuelto|no (?:se )?(?:ha )?(?:podido|entreg)",
    r"unzustellbar|zustell|fehlgeschlagen|rückläufer|не доставлен|недоставлен",
    r"エラー|配信|送信できま|届きません|不達|戻|退信|投递|邮件传",
)
_BOUNCE_BEGINNING = any_of(
    r"not (?:be )?(?:reach|deliver|sent)|unable to deliver|failed to deliver|undeliver",
    r"deliver\w{0,6} .{0,40}(?:fail|problem|impossible)|fatal error|error message",
    r"returned to (?:the )?sender|(?:was|were|be) (?:rejected|returned)",
    r"配信でき|送信でき|届けでき|エラー|退信|无法|не может быть доставлен|не доставлен",
)
_MAX_BEGINNING_LENGTH = 1500
_AUTO_SUBJECT = any_of(
    r"out of (?:the )?office|\bvacation\b|\boof\b|on (?:leave|holiday|vacation)|away from|absence|absent",
    r"auto(?:matic|mated)?[- _]?(?:reply|response|responder|antwort|answer|respons)|autosvar|afwezig",
    r"abwesen|ausser haus|außer haus|zurück am|fuera de|réponse automatique|respuesta autom|risposta automat",
    r"read:|confirm your|please verify|challenge|awaits|approval|moderat|held for",
    r"thank(?:s| you)|acknowledg|ticket|\bcase\b|request received",
    r"自動返信|自動応答|自動回答|不在|休暇|休業|受付|受け付けました|お問い合わせ|開封|既読",
    r"自动回复|自動回覆|автоответ",
)
_ROBOT_SENDER = re.compile(
    r"no-?reply|do-?not-?reply|smtp|gateway|anti-?virus|mail[-_ ]?(?:service|server|system|filter)|auto",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"^\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|転送|返信)\s?(?:\[\d{1,3}\])?[:：]", re.IGNORECASE)
_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID")
_AUTOMATICALLY_REJECTED = any_of("automatically rejected", "was rejected", "message (?:was |has been )?refused")

REPORTS = ("message/delivery-status", "message/global-delivery-status")
_RECEIPTS = ("message/disposition-notification", "message/global-disposition-notification")
_FEEDBACK = "message/feedback-report"


def classify_message(letter: ParsedEmail) -> MessageKind:
    """Classify by form first: a report states its kind, anything else must come from a mail server."""
    if letter.own(_FEEDBACK) or letter.report_type == "feedback-report":
        return MessageKind.COMPLAINT
    subject = letter.value("Subject")
    system = _is_from_system(letter)
    if letter.own(*REPORTS):
        if system or letter.report_type == "delivery-status":
            return MessageKind.REPORT
        return MessageKind.ORDINARY if is_forwarded(subject) else MessageKind.DOUBTFUL
    if letter.own(*_RECEIPTS) or letter.report_type == "disposition-notification":
        return MessageKind.PROSE if _is_rejection(letter) else MessageKind.AUTO_REPLY
    if letter.head.get("X-Failed-Recipients"):
        return MessageKind.PROSE
    says_bounce = _BOUNCE_SUBJECT.search(subject) is not None
    if _is_auto_reply(letter, subject) and not (system and (says_bounce or not _AUTO_SUBJECT.search(subject))):
        return MessageKind.AUTO_REPLY
    if system:
        return MessageKind.PROSE if says_bounce or _begins_like_a_bounce(letter) else MessageKind.DOUBTFUL
    if is_forwarded(subject) or any(letter.head.get(name) for name in _LIST_HEADERS):
        return MessageKind.ORDINARY
    return _of_unknown_sender(letter, says_bounce=says_bounce)


def _of_unknown_sender(letter: ParsedEmail, *, says_bounce: bool) -> MessageKind:
    if letter.value("Return-Path") == "<>":
        return MessageKind.PROSE if says_bounce else MessageKind.DOUBTFUL
    return MessageKind.DOUBTFUL if says_bounce and _ROBOT_SENDER.search(letter.value("From")) else MessageKind.ORDINARY


def _begins_like_a_bounce(letter: ParsedEmail) -> bool:
    return _BOUNCE_BEGINNING.search(letter.explanation[:_MAX_BEGINNING_LENGTH]) is not None


def is_forwarded(subject: str) -> bool:
    """Return whether the subject is that of a reply or a forwarded message."""
    return _FORWARDED.match(subject) is not None


def _is_from_system(letter: ParsedEmail) -> bool:
    sender = letter.value("From")
    return sender in ("", "<>") or _SYSTEM_SENDER.search(sender) is not None


def _is_auto_reply(letter: ParsedEmail, subject: str) -> bool:
    """Return whether the headers or subject mark an automatic reply (RFC 3834 and older conventions)."""
    if letter.value("Auto-Submitted").lower().startswith("auto-replied"):
        return True
    if letter.value("Precedence").lower() in ("auto_reply", "auto-reply"):
        return True
    if any(letter.head.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From", "X-Vacation")):
        return True
    return bool(_AUTO_SUBJECT.search(subject))


def _is_rejection(letter: ParsedEmail) -> bool:
    """Detect a rejection sent as a receipt: Sieve's `reject` and Dovecot's full mailbox say "deleted" (RFC 5429)."""
    says_deleted = any("deleted" in part.text[:2000].lower() for part in letter.own(*_RECEIPTS))
    return says_deleted and any(_AUTOMATICALLY_REJECTED.search(part.text[:2000]) for part in letter.own("text/plain"))
