"""E-mails to the primary user about the LINE link: that it was made, blocked or ended, and what to do."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mail.member_messages import MemberMessage, moment, not_you
from accounts.mail.sender import locale_of
from accounts.members.access import primary_user
from accounts.models import SellerAccount
from notifications.channels.base import SendResult
from notifications.models import LinkMail
from notifications.models.line import shown_name
from notifications.queue import outbox


def send_due_mails() -> int:
    """Send due mails, up to one outbox batch; returns how many were attempted."""
    claimed = outbox.claim(LinkMail.objects.all(), due="due_at", tries="tries")
    accounts = SellerAccount.objects.in_bulk({letter.account_id for letter in claimed})

    def write(letter: LinkMail) -> EmailMultiAlternatives:
        return _mail(letter, accounts[letter.account_id])

    for letter, verdict, _words in outbox.send_each(claimed, write):
        if verdict in (SendResult.ACCEPTED, SendResult.REFUSED) or outbox.exhausted(letter.tries):
            letter.delete()
    return len(claimed)


def _mail(link_mail: LinkMail, account: SellerAccount) -> EmailMultiAlternatives:
    reader = primary_user(account)
    with locale_of(reader):
        words = {
            "shop": account.name,
            "line": shown_name(link_mail.line_name),
            "name": link_mail.by_name,
            "when": moment(link_mail.at),
        }
        url = settings.SITE_URL + reverse("notifications:line", args=[account.public_id])
        letter = _LETTERS[LinkMail.Kind(link_mail.kind)](words, url)
        footer = _("You get this e-mail because you are the primary user of %(shop)s.") % words
        return outbox.write_to_member(letter, account, to=reader.email, footer=footer)


def _linked(words: dict[str, str], url: str) -> MemberMessage:
    return MemberMessage(
        subject=_("LINE was linked to %(shop)s") % words,
        paragraphs=(
            _("%(name)s linked the LINE account “%(line)s” to the shop %(shop)s on %(when)s.") % words,
            _("Notifications on account health and emergencies now arrive on LINE too. E-mail goes on as before."),
        ),
        action=(_("Look at the LINE settings"), url),
        notes=(_("You can end the link there, or in the LINE chat, at any time."), not_you()),
    )


def _ended(words: dict[str, str], url: str) -> MemberMessage:
    return MemberMessage(
        subject=_("LINE is no longer linked to %(shop)s") % words,
        paragraphs=(
            _("%(name)s ended the link between the shop %(shop)s and the LINE account “%(line)s” on %(when)s.") % words,
            _("Nothing is sent to LINE any more. E-mail goes on as before."),
        ),
        action=(_("Look at the LINE settings"), url),
        notes=(not_you(),),
    )


def _blocked(words: dict[str, str], url: str) -> MemberMessage:
    return MemberMessage(
        subject=_("LINE is blocked: %(shop)s gets nothing on LINE") % words,
        paragraphs=(
            _("The LINE account “%(line)s” blocked our LINE account, so nothing of the shop %(shop)s arrives there.")
            % words,
            _("E-mail goes on as before. To receive LINE again, unblock our account in LINE, then link it again."),
        ),
        action=(_("Look at the LINE settings"), url),
    )


_LETTERS = {
    LinkMail.Kind.LINKED: _linked,
    LinkMail.Kind.ENDED: _ended,
    LinkMail.Kind.BLOCKED: _blocked,
}
