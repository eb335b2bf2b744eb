"""The help pages: open to everybody, in step with the catalogue, and every link of theirs leads somewhere."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from notifications.address_health import assessment
from notifications.ingest.formats.cart.carriers import FALLBACK, JAPAN_POST, SEINO, TABLE, YAMATO
from notifications.models import Address, LineLink, LineUser, Notification, Source
from notifications.types.definitions import GROUPS, TYPES, EmailDefault
from notifications.types.enums import AddressState, BounceReason, LinkOrigin, LinkState
from notifications.types.payloads.samples import SAMPLES
from notifications.web import help as handbook
from notifications.web.help import mail, types
from notifications.web.help.carriers import carriers

SLUGS = ["types", "orders", "health", "mail", "line"]


@dataclass
class Seen(HTMLParser):
    """The ids and the links of a page."""

    html: str
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


def look_at(client: Client, address: str) -> Seen:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return Seen(response.content.decode())


def address_of(slug: str) -> str:
    return reverse("notifications:help_page", args=[slug])


def help_links(seen: Seen, address: str) -> set[str]:
    return {urljoin(address, link) for link in seen.links if urljoin(address, link).startswith("/help/")}


def dead_ends(client: Client, start: str) -> list[str]:
    """Links and anchors that lead nowhere, from here through the whole help; links out of it are opened only."""
    pages: dict[str, Seen] = {}
    dead, waiting = [], [start]
    while waiting:
        address = waiting.pop()
        pages[address] = look_at(client, address)
        for link in pages[address].links:
            target, anchor = urldefrag(urljoin(address, link))
            if target not in pages and target.startswith("/help/"):
                waiting.append(target)
            elif target not in pages:
                pages[target] = look_at(client, target)
            if anchor:
                pages[target] = pages.get(target) or look_at(client, target)
            if anchor and anchor not in pages[target].ids:
                dead.append(f"{address}: {link}")
    assert {address_of(slug) for slug in SLUGS} <= set(pages)
    return dead


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_visitor_reads_every_page_in_their_language(db, language):
    client = Client(headers={"accept-language": language})

    for slug in SLUGS:
        page = client.get(address_of(slug))

        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()
        assert set(client.cookies) <= {"csrftoken"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_link_and_anchor_leads_somewhere_for_a_visitor(db, language):
    client = Client(headers={"accept-language": language})

    assert dead_ends(client, reverse("notifications:help")) == []


def test_every_link_and_anchor_leads_somewhere_for_a_member(client, shop, hanako):
    client.force_login(hanako)
    client.get(reverse("home", args=[shop.public_id]))

    assert dead_ends(client, reverse("notifications:help")) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_anchors_are_given_once(client, db, slug):
    seen = look_at(client, address_of(slug))

    assert sorted(seen.ids) == sorted(set(seen.ids))


def test_a_page_that_does_not_exist_is_not_found(client, db):
    assert client.get("/help/cooking/").status_code == 404


def test_where_line_is_not_offered_nothing_speaks_of_it(db, settings):
    settings.LINE = None
    client = Client(headers={"accept-language": "en"})

    pages = {slug: client.get(address_of(slug)) for slug in SLUGS}

    told = {slug: "LINE" in page.content.decode() for slug, page in pages.items()}
    assert {slug: page.status_code for slug, page in pages.items()} == dict.fromkeys(SLUGS, 200) | {"line": 404}
    assert told == dict.fromkeys(SLUGS, False) | {"types": True}, "the types’ own descriptions may name it"
    assert "On as soon as LINE is linked" not in pages["types"].content.decode()
    assert "/help/line/" not in client.get(reverse("notifications:help")).content.decode()


def test_settings_are_linked_for_members_only(client, shop, hanako, mika):
    place = reverse("notifications:options", args=[shop.public_id])

    as_visitor = place in look_at(client, address_of("types")).links
    client.force_login(hanako)
    before_any_shop = place in look_at(client, address_of("types")).links
    client.get(reverse("home", args=[shop.public_id]))
    as_member = place in look_at(client, address_of("types")).links
    client.force_login(mika)
    as_somebody_else = place in look_at(client, address_of("types")).links

    assert [as_visitor, before_any_shop, as_member, as_somebody_else] == [False, False, True, False]


def test_every_type_has_its_line_among_the_types():
    page = handbook.page("types")

    sections = {section.anchor: section for section in page.sections if section.table}
    assert {key: [row.anchor for row in section.table.rows] for key, section in sections.items()} == {
        group.key: [kind.key for kind in group] for group in GROUPS
    }


@pytest.mark.parametrize("key", list(TYPES))
def test_what_is_said_of_a_type_is_what_the_catalogue_says(key):
    kind = TYPES[key]
    by_email = {
        EmailDefault.ON: "On, can be switched off",
        EmailDefault.OFF: "Off, can be switched on",
        EmailDefault.REQUIRED: "Required",
    }

    with translation.override("en"):
        [row] = [
            row for section in types.page().sections if section.table for row in section.table.rows if row.anchor == key
        ]

        assert row.cells == (
            str(kind.title),
            by_email[kind.email],
            "On as soon as LINE is linked" if kind.line else "Not told on LINE",
        )
        assert row.details[0] == str(kind.description)
        assert ("Part of the professional selling plan." in row.details) == kind.professional_only


def test_every_cause_for_which_an_address_rests_is_explained():
    stops = assessment.GONE | assessment.PASSING | assessment.OFTEN_OUR_FAULT

    assert set(mail.CAUSES) == stops | {assessment.COMPLAINT}
    assert set(BounceReason) - stops == {BounceReason.MESSAGE_TOO_BIG}


@pytest.mark.parametrize(
    ("cause", "meanwhile"),
    [
        (BounceReason.UNKNOWN_USER, "The address rests at once. Its notifications are held until you repair it."),
        (
            BounceReason.MAILBOX_FULL,
            "The address rests, and its notifications are held. One of them is tried again after 1, 2, 4 and 7"
            " days; when that succeeds, the address works again.",
        ),
        (
            BounceReason.BLOCKED_BY_PROVIDER,
            "Once this has happened 3 times within 7 days, the address rests and all is held.",
        ),
        (assessment.COMPLAINT, "Optional notifications for it are kept."),
    ],
)
def test_what_happens_meanwhile_follows_the_rules(cause, meanwhile):
    with translation.override("en"):
        table = next(section for section in mail.page().sections if section.anchor == "causes").table

    assert [row.cells[2] for row in table.rows if row.anchor == cause.replace("_", "-")] == [meanwhile]


def test_the_help_names_the_sender_to_allow(db, settings):
    settings.DEFAULT_FROM_EMAIL = "Market <post@mail.market.example>"
    client = Client(headers={"accept-language": "en"})

    page = client.get(address_of("mail")).content.decode()

    assert "Add the domain mail.market.example to the list" in page
    assert "Our mails come from post@mail.market.example." in page


def test_a_notification_of_every_type_leads_to_its_help(client, shop, hanako):
    source = Source.objects.create(name="Marketplace")
    client.force_login(hanako)

    for key, data in SAMPLES.items():
        told = Notification.objects.create(
            account=shop, source=source, event_id=key, type=key, occurred_at=timezone.now(), data=data
        )
        address = reverse("notifications:detail", args=[shop.public_id, told.pk])
        page, anchor = handbook.about(key)

        assert help_links(look_at(client, address), address) == {"/help/", f"{address_of(page)}#{anchor}"}
        assert anchor in look_at(client, address_of(page)).ids, key


def test_the_help_is_linked_where_the_question_arises(client, shop, hanako):
    address = Address.objects.create(
        account=shop,
        email="full@ok.test",
        state=AddressState.FAILING,
        failure=BounceReason.MAILBOX_FULL,
        state_since=timezone.now(),
    )
    client.force_login(hanako)
    pages = {
        "home": [shop.public_id],
        "notifications:options": [shop.public_id],
        "notifications:edit_group": [shop.public_id, "health"],
        "notifications:addresses": [shop.public_id],
        "notifications:fix_address": [shop.public_id, address.pk],
        "notifications:held": [shop.public_id, address.pk],
        "notifications:log": [shop.public_id],
    }

    found = {}
    for name, args in pages.items():
        at = reverse(name, args=args)
        found[name] = help_links(look_at(client, at), at) - {"/help/"}

    assert found == {
        "home": {"/help/mail/"},
        "notifications:options": {"/help/types/"},
        "notifications:edit_group": {"/help/types/#health"},
        "notifications:addresses": {"/help/mail/"},
        "notifications:fix_address": {"/help/mail/#causes"},
        "notifications:held": {"/help/mail/#held"},
        "notifications:log": {"/help/mail/#sent"},
    }
    for target, anchor in (urldefrag(link) for links in found.values() for link in links):
        assert not anchor or anchor in look_at(client, target).ids


def test_the_home_page_leads_to_the_line_help_while_line_does_not_arrive(client, shop, hanako):
    person = LineUser.objects.create(user_id="U" + "1" * 32, name="花子")
    link = LineLink.objects.create(
        account=shop, line_user=person, linked_by=hanako, way=LinkOrigin.SITE, state=LinkState.BLOCKED
    )
    client.force_login(hanako)
    home = reverse("home", args=[shop.public_id])

    blocked = help_links(look_at(client, home), home)
    LineLink.objects.filter(pk=link.pk).update(state=LinkState.LIVE)
    live = help_links(look_at(client, home), home)

    assert blocked == {"/help/", "/help/mail/", "/help/line/#quiet"}
    assert live == {"/help/"}


def test_the_line_settings_show_the_same_questions(client, shop, hanako):
    User.objects.filter(pk=hanako.pk).update(language="en")
    client.force_login(hanako)

    settings_page = client.get(reverse("notifications:line", args=[shop.public_id])).content.decode()

    with translation.override("en"):
        questions = handbook.line_questions()
    assert [settings_page.count(f'<details id="{one.anchor}">') for one in questions] == [1] * len(questions)


def test_a_visitor_costs_no_query(db, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("notifications:help"))
        client.get(address_of("types"))


def test_the_carriers_are_those_by_which_order_feeds_are_read():
    """Several names of a shop's system stand on one line, so words are looked for, not lines."""
    with translation.override("en"):
        lines = carriers().table.rows
    told = " ".join(cell for row in lines for cell in row.cells)

    assert all(name in told for name in (YAMATO, JAPAN_POST, SEINO))
    assert lines[-1].cells[1].startswith(FALLBACK)
    assert {row.name for row in TABLE} == {YAMATO, JAPAN_POST, SEINO, FALLBACK} | {
        "佐川急便",
        "福山通運",
        "エコ配",
        "JPロジスティクス",
        "DHL",
    }
