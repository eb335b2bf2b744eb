"""The table of reasons, in answers that servers might give."""

import pytest

from notifications.channels.email.bounces import classify, is_permanent
from notifications.types.enums import BounceReason

FULL, NOBODY, NO_HOST = BounceReason.MAILBOX_FULL, BounceReason.UNKNOWN_USER, BounceReason.HOST_UNKNOWN
CLOSED, BLOCKED, BIG = BounceReason.SUSPENDED, BounceReason.BLOCKED_BY_PROVIDER, BounceReason.MESSAGE_TOO_BIG
LATE, OTHER = BounceReason.EXPIRED, BounceReason.OTHER
ANSWERS = {
    # Google
    "550-5.1.1 The account that you wrote to does not exist. https://support.google.test/?p=NoSuchUser": NOBODY,
    "550 5.2.1 The email account is disabled": CLOSED,
    "452 4.2.2 The account is over quota": FULL,
    "552 5.2.2 The inbox is out of storage space and inactive": FULL,
    "450 4.2.1 This user is receiving mail at a rate that is too high": LATE,
    "550 5.7.26 Unauthenticated: passes neither SPF nor DKIM": BLOCKED,
    "552 5.3.4 Your message exceeded our size limits": BIG,
    # Exchange and Exchange Online
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found": NOBODY,
    "550 5.4.1 Recipient address rejected: Access denied. AS(1) [X.prod.outlook.test]": NOBODY,
    "550 5.5.0 Requested action not taken: mailbox unavailable": NOBODY,
    "554 5.2.2 STOREDRV.Deliver; QuotaExceededException": FULL,
    "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup": BLOCKED,
    "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient": BIG,
    "550 5.7.1 messages from [192.0.2.1] weren't sent, your network is on our block list": BLOCKED,
    "550 5.4.310 DNS domain shop.test does not exist": NO_HOST,
    "550 4.4.7 QUEUE.Expired; message expired": LATE,
    # Yahoo, Apple, GMX, mail.ru, QQ, NetEase, Zoho
    "554 delivery error: dd This user doesn't have a mail.test account": NOBODY,
    "554 30 Your message cannot be delivered. This mailbox is disabled": CLOSED,
    "553 5.7.1 [BL21] Connections not accepted, the ip is in a block list": BLOCKED,
    "550 5.1.1 unknown or illegal alias: hanako@sellers.test": NOBODY,
    "550 Message was not accepted -- invalid mailbox. Local mailbox hanako@sellers.test is unavailable": NOBODY,
    "550 Mailbox not found. http://help.mail.test/550": NOBODY,
    "550 User suspended: hanako@sellers.test": CLOSED,
    "554 DT:SPM mx1": BLOCKED,
    "541 5.4.1 Mail rejected by destination domain": BLOCKED,
    # Postfix, Exim, Sendmail, qmail, Courier
    "550 5.1.1 <hanako@sellers.test>: Recipient address rejected: User unknown in virtual mailbox table": NOBODY,
    "450 4.1.8 <hub@hub.test>: Sender address rejected: Domain not found": BLOCKED,
    "450 4.7.1 Client host rejected: cannot find your hostname": BLOCKED,
    "554 5.7.1 <hanako@sellers.test>: Relay access denied": BLOCKED,
    "Host or domain name not found. Name service error for name=sellers.test type=A": NO_HOST,
    "Host or domain name not found. Name service error for name=sellers.test: try again": LATE,
    "Domain sellers.test does not accept mail (nullMX)": NO_HOST,
    "delivery temporarily suspended: connect to mx.sellers.test: Connection refused": LATE,
    "retry timeout exceeded": LATE,
    "all relevant MX records point to non-existent hosts": NO_HOST,
    "550 Verification failed: No Such User Here": NOBODY,
    "550 Sender verify failed": BLOCKED,
    "Sorry, I couldn't find any host named sellers.test (#5.1.2)": NO_HOST,
    "Sorry, no mailbox here by that name. (#5.1.1)": NOBODY,
    "552 sorry, that message size exceeds my databytes limit": BIG,
    "this message has been in the queue too long": LATE,
    "can't create user output file. Command output: procmail: no such user": OTHER,
    # Filters and services
    "550 5.7.0 Local Policy Violation": BLOCKED,
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org": BLOCKED,
    "550 Invalid Recipient - https://community.filter.test/550": NOBODY,
    "451 4.7.1 Greylisting in action, please come back later": LATE,
    "605 Not delivering to previously bounced address": NOBODY,
    "smtp; 550 5.1.1 user unknown": NOBODY,
    # Other languages
    "552 5.1.1 Boîte du destinataire pleine": FULL,
    "550 Empfänger unbekannt": NOBODY,
    "宛先のメールアドレスが見つかりません": NOBODY,
    "送信先のメールボックスが一杯です": FULL,
    # The number where the words say nothing
    "550 5.1.1 see http://mail.test/1": NOBODY,
    "552 sorry": FULL,
    "556 5.1.10 sorry": NO_HOST,
    "550 5.7.1 sorry": BLOCKED,
    "421 sorry": LATE,
    "554 sorry": OTHER,
    "": OTHER,
}


@pytest.mark.parametrize(("text", "reason"), ANSWERS.items())
def test_an_answer_has_its_reason(text: str, reason: BounceReason) -> None:
    assert classify(None, "", text) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("550 5.1.1 user unknown, mailbox is over quota", FULL),
        ("550 5.7.1 sender does not exist", BLOCKED),
        ("550 mailbox unavailable: account disabled", CLOSED),
        ("550 user unknown (in reply to RCPT TO command)", NOBODY),
        ("550 user unknown (in reply to end of DATA command)", BLOCKED),
        ("550 Unknown user hanako@docomo.test", BLOCKED),
        ("550 : User unknown", BLOCKED),
        ("550 <hanako@au.test>: User unknown", NOBODY),
        ("550 5.1.1 <mailbox-full@sellers.test> user unknown", NOBODY),
        ("550 user unknown, see https://help.test/spam-policy/quota", NOBODY),
        ("550 go away (in reply to MAIL FROM command)", BLOCKED),
    ],
)
def test_the_order_of_the_table_tells_answers_apart_that_say_two_things(text: str, reason: BounceReason) -> None:
    assert classify(None, "", text) == reason


def test_numbers_given_beside_the_text_count() -> None:
    assert classify(552, "5.3.4", "no") == BIG
    assert classify(421, "", "no") == LATE


@pytest.mark.parametrize(
    ("code", "status", "text", "permanent"),
    [
        (550, "", "user unknown", True),
        (450, "", "user unknown", False),
        (550, "5.1.1", "", True),
        (550, "4.2.2", "over quota", False),
        (452, "5.2.2", "over quota", False),
        (None, "5.4.7", "451 try again", True),
        (None, "", "550 no", True),
        (None, "", "554 4.4.7 message expired", False),
        (None, "", "user unknown", True),
        (None, "", "retry timeout exceeded", False),
        (None, "", "", False),
    ],
)
def test_permanent_is_what_all_numbers_say_and_words_only_without_them(
    code: int | None, status: str, text: str, permanent: bool
) -> None:
    assert is_permanent(code, status, text) is permanent
