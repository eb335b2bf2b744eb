"""What sort of mail has come back: most of what reaches a return path is no bounce, and people quote bounces."""

import re
from enum import Enum, auto

from .letter import Letter


class Nature(Enum):
    REPORT = auto()
    """A delivery status notification (RFC 3464)."""
    COMPLAINT = auto()
    """A feedback report (RFC 5965)."""
    AUTO_REPLY = auto()
    """A vacation notice, a receipt (RFC 8098), a challenge: written by a machine that took the mail."""
    PROSE = auto()
    """A bounce in a mail server's own words."""
    ORDINARY = auto()
    """Anything else."""


_SYSTEM_SENDER = re.compile(
    r"mailer[-_.]?daemon|mail[-_. ]?daemon|postmaster|mail delivery|delivery (?:sub)?system|mail (?:deliver|admin|system|server)"
    r"|system administrator|mail[-_]?er\b|mailsystem|smtp(?:d|32|-gateway| server)?\b|undeliverable|non-?delivery|bounce[- ]?handler"
    r"|internet mail|message router|mdaemon|returned mail|mail router|\bmta\b|administrator@|auto-?answer@",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|returned (?:e?mail|to sender|message)|return(?:ed|ing)? (?:e-?mail|mail|message|to sender)|mail return"
    r"|deliver\w*.{0,40}(?:fail|error|problem|unsuccess|impossible|abort|report|notif|status|delay|unable|report)"
    r"|fail\w*.{0,30}(?:deliver|notice|mail|transmi|message|notif|send|address)|unable to (?:deliver|send)"
    r"|(?:mail|message|e-?mail|address).{0,30}(?:not (?:be )?(?:deliver|sent)|fail|error|could not|delay|bounce|reject|unknown|refused)"
    r"|(?:could ?n[o']t|can ?not|can't|not) (?:be )?(?:deliver|send|sent)|non[- ]?deliver|\bndn\b|\bndr\b|\bdsn\b|nondelivery"
    r"|user (?:unknown|not found)|unknown (?:user|recipient|address)|rejected|bounced?\b|non remis|unzustellbar|nicht zustellbar|fehlgeschlagen"
    r"|échec|non distribu|no (?:se )?(?:ha )?(?:podido|entreg)|devuelto|mancata|rückläufer|quota|mailbox (?:is )?full|over ?quota"
    r"|エラー|配信|送信できま|届きません|不達|戻|退信|投递|邮件传|не доставлен|недоставлен|notification d'état|zustell|warning: (?:could not|message)",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"out of (?:the )?office|auto(?:matic|mated)?[- _]?(?:reply|response|responder|antwort|answer)|\bvacation\b|\boof\b|on (?:leave|holiday|vacation)"
    r"|away from|abwesen|absence|absent|ausser haus|außer haus|fuera de|réponse automatique|respuesta autom|risposta automat|afwezig"
    r"|autosvar|自動返信|自動応答|自動回答|不在|休暇|休業|受付|自动回复|自動回覆|автоответ|zurück am|read:|confirm your|challenge"
    r"|thank(?:s| you)|受け付けました|お問い合わせ|開封|既読",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"^\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|転送|返信)\s?(?:\[\d+\])?[:：]", re.IGNORECASE)
_REJECTED_BY_FILTER = re.compile(r"automatically rejected|was rejected|quota|refused", re.IGNORECASE)

REPORTS = ("message/delivery-status", "message/global-delivery-status")
_RECEIPTS = ("message/disposition-notification", "message/global-disposition-notification")
_FEEDBACK = "message/feedback-report"


def nature_of(letter: Letter) -> Nature:
    """Decide by form first: a report says what it is, everything else must look like a machine's bounce."""
    if letter.own(_FEEDBACK) or letter.report_type == "feedback-report":
        return Nature.COMPLAINT
    subject = letter.value("Subject")
    system = _is_from_system(letter)
    forwarded = bool(_FORWARDED.match(subject)) and not system
    if letter.own(*REPORTS):
        return Nature.ORDINARY if forwarded and letter.report_type != "delivery-status" else Nature.REPORT
    if letter.own(*_RECEIPTS) or letter.report_type == "disposition-notification":
        return Nature.PROSE if _is_rejection(letter) else Nature.AUTO_REPLY
    if letter.head.get("X-Failed-Recipients"):
        return Nature.PROSE
    says_bounce = bool(_BOUNCE_SUBJECT.search(subject))
    if _is_auto_reply(letter, subject) and not (system and says_bounce):
        return Nature.AUTO_REPLY
    if forwarded:
        return Nature.ORDINARY
    return Nature.PROSE if system or says_bounce else Nature.ORDINARY


def _is_from_system(letter: Letter) -> bool:
    sender = letter.value("From")
    if _SYSTEM_SENDER.search(sender) or sender in ("", "<>"):
        return True
    return letter.value("Return-Path") == "<>" and not _is_auto_reply(letter, "")


def _is_auto_reply(letter: Letter, subject: str) -> bool:
    """RFC 3834, and what programs wrote before it."""
    if letter.value("Auto-Submitted").lower().startswith("auto-replied"):
        return True
    if letter.value("Precedence").lower() in ("auto_reply", "auto-reply"):
        return True
    if any(
        letter.head.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From", "X-Vacation")
    ):
        return True
    return bool(_AUTO_SUBJECT.search(subject))


def _is_rejection(letter: Letter) -> bool:
    """Sieve's `reject` and Dovecot's full mailbox come as receipts that say "deleted"."""
    says_deleted = any("deleted" in part.text[:2000].lower() for part in letter.own(*_RECEIPTS))
    return says_deleted and any(_REJECTED_BY_FILTER.search(part.text[:2000]) for part in letter.own("text/plain"))
