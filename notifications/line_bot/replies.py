"""Texts and Flex Messages of the LINE bot, in the user's language; each names its shop."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from ..channels.line.messages import cut
from ..delivery.rendering import line_bubble as draw
from ..models import Address, LineLink, LineUser
from ..types.enums import LinkEnd, LinkState

LINK, UNLINK, UNLINK_NOW, KEEP = "link", "unlink", "unlink-now", "keep"
"""Postback data; the last three but `keep` are followed by `:` and the link's id."""
MAX_SHOPS = 10
_GREEN = draw.GREEN


@dataclass(frozen=True, slots=True)
class Words:
    """One message: its alt text, which notifications show, and its Flex Message contents."""

    alt_text: str
    contents: draw.Part


def language_of(person: LineUser, fallback: str = settings.LANGUAGE_CODE) -> str:
    return person.language or fallback


def greeting(language: str) -> Words:
    """Greet a new friend: what the account does, and the button that starts linking."""
    with override(language):
        return _say(
            _("Thank you for adding us"),
            _(
                "Here we tell you what needs your attention in your shop: failed payouts, performance at risk,"
                " suspensions. First link your shop; only its primary user can do that."
            ),
            buttons=[draw.postback(_("Link my shop"), LINK)],
            small_print=_("This account only sends. E-mail and the site stay the full source."),
        )


def hello_again(links: Sequence[LineLink], language: str) -> Words:
    """Greet a user whose shops are linked."""
    with override(language):
        return _say(
            _("Good to have you"),
            _("Notifications of these shops arrive here: %(shops)s") % {"shops": _shops(links)},
        )


def link_again(links: Sequence[LineLink], language: str) -> Words:
    """Ask a user who had blocked the account to link again; nothing is sent before that."""
    with override(language):
        return _say(
            _("Please link again"),
            _("You had blocked us, so nothing of %(shops)s is sent here until you link again.")
            % {"shops": _shops(links)},
            buttons=[draw.postback(_("Link again"), LINK)],
        )


def consent_link(url: str, language: str) -> Words:
    """Return the message with the URL of the consent page."""
    with override(language):
        return _say(
            _("Link your shop"),
            _(
                "Open the page, sign in as the primary user of your shop and agree."
                " The link works once, for 10 minutes."
            ),
            buttons=[draw.button(_("Open the page"), url)],
            small_print=_("You can end the link at any time, here or in the settings."),
        )


def no_link_now(language: str) -> Words:
    with override(language):
        return _say(
            _("That did not work"),
            _("LINE gave us no link just now. Please tap the button once more in a minute."),
            buttons=[draw.postback(_("Link my shop"), LINK)],
        )


def linked(link: LineLink, shop: str, language: str) -> Words:
    """Confirm the link: which shop, and how to end it."""
    with override(language):
        return _say(
            _("“%(shop)s” is linked") % {"shop": shop},
            _("Notifications on account health and emergencies now arrive here too. E-mail goes on as before."),
            shop=shop,
            buttons=[
                draw.button(_("Open LINE settings"), _settings(link)),
                draw.postback(_("End the link"), f"{UNLINK}:{link.pk}", style="link"),
            ],
            small_print=_("You can end the link at any time, here or in the settings."),
        )


def ended(shop: str, reason: str, by_name: str, language: str) -> Words:
    with override(language):
        told = {
            LinkEnd.UNLINKED: _("It was ended on the site, by %(name)s. Nothing of this shop is sent here any more."),
            LinkEnd.UNLINKED_IN_CHAT: _("It was ended in this chat. Nothing of this shop is sent here any more."),
            LinkEnd.REPLACED: _(
                "Another LINE account was linked, by %(name)s. Nothing of this shop is sent here any more."
            ),
            LinkEnd.HANDED_OVER: _(
                "The primary role of the shop was handed over. Nothing of this shop is sent here any more."
            ),
            LinkEnd.CLOSED: _("The shop was closed. Nothing of this shop is sent here any more."),
        }[LinkEnd(reason)]
        return _say(_("“%(shop)s” is no longer linked") % {"shop": shop}, told % {"name": by_name}, shop=shop)


def test(link: LineLink, shop: str, language: str) -> Words:
    with override(language):
        return _say(
            _("This is a test"),
            _("LINE works: notifications of this shop arrive here."),
            shop=shop,
            buttons=[draw.button(_("Open LINE settings"), _settings(link))],
        )


def email_fails(link: LineLink, shop: str, failing: Sequence[Address], language: str) -> Words:
    """Report that e-mail does not arrive, which e-mail itself cannot do."""
    with override(language):
        named = pgettext("between names in a list", ", ").join(one.email for one in failing)
        url = f"{settings.SITE_URL}{reverse('notifications:addresses', args=[link.account.public_id])}"
        return _say(
            _("E-mail does not arrive"),
            _("Notifications of this shop do not arrive at: %(addresses)s. They are kept until that is mended.")
            % {"addresses": named},
            shop=shop,
            buttons=[draw.button(_("See the addresses"), url)],
            small_print=_("You get this at most once a day."),
        )


def only_sends(links: Sequence[LineLink], language: str) -> Words:
    """Answer a user's message: nobody reads it, and where to go instead; one bubble for each shop."""
    with override(language):
        told = _("This account only sends; nobody reads what you write here.")
        if not links:
            return _say(
                _("Thank you for your message"),
                told,
                buttons=[
                    draw.postback(_("Link my shop"), LINK),
                    draw.button(_("Open SellerHub"), settings.SITE_URL + "/", style="link"),
                ],
            )
        return _carousel([_shop_bubble(link, told) for link in links[:MAX_SHOPS]], told)


def confirm_unlink(link: LineLink, language: str) -> Words:
    with override(language):
        shop = link.account.name
        return _say(
            _("End the link?"),
            _("Nothing of “%(shop)s” will be sent here any more. E-mail goes on as before.") % {"shop": shop},
            shop=shop,
            buttons=[
                draw.postback(_("End the link"), f"{UNLINK_NOW}:{link.pk}"),
                draw.postback(_("Keep it"), KEEP, style="link"),
            ],
        )


def kept(language: str) -> Words:
    with override(language):
        return _say(_("The link stays"), _("Notifications arrive here as before."))


def not_linked(language: str) -> Words:
    """Answer a button of a link that has ended."""
    with override(language):
        return _say(
            _("There is no such link"),
            _("It has ended already, so there is nothing to do."),
            buttons=[draw.postback(_("Link my shop"), LINK)],
        )


def _shop_bubble(link: LineLink, told: str) -> draw.Part:
    buttons = [draw.button(_("Open LINE settings"), _settings(link))]
    if link.state == LinkState.UNBLOCKED:
        buttons.append(draw.postback(_("Link again"), LINK, style="link"))
    else:
        buttons.append(draw.postback(_("End the link"), f"{UNLINK}:{link.pk}", style="link"))
    title = draw.text(_("Thank you for your message"), limit=100, weight="bold", size="lg")
    return draw.bubble(
        link.account.name, ("", _GREEN), [title, draw.text(told, limit=300, size="sm", margin="md")], buttons
    )


def _say(
    title: str, sentence: str, *, shop: str = "SellerHub", buttons: Sequence[draw.Part] = (), small_print: str = ""
) -> Words:
    words = {"title": title, "sentence": sentence}
    body = [
        draw.text(title, limit=120, weight="bold", size="lg"),
        draw.text(sentence, limit=500, size="sm", margin="md"),
    ]
    return Words(
        cut(pgettext("a title and its sentence", "%(title)s: %(sentence)s") % words, 400),
        draw.bubble(shop, ("", _GREEN), body, list(buttons), small_print),
    )


def _carousel(bubbles: Sequence[draw.Part], alt_text: str) -> Words:
    contents = bubbles[0] if len(bubbles) == 1 else {"type": "carousel", "contents": list(bubbles)}
    return Words(alt_text, contents)


def _shops(links: Sequence[LineLink]) -> str:
    quoted = [pgettext("a shop in a list", "%(shop)s") % {"shop": link.account.name} for link in links[:MAX_SHOPS]]
    return pgettext("between names in a list", ", ").join(quoted)


def _settings(link: LineLink) -> str:
    return f"{settings.SITE_URL}{reverse('notifications:line', args=[link.account.public_id])}"
