"""Operators write, preview, release, watch, stop and take back; each page asks for its permission."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import OperatorAction, User
from notifications.admin.broadcasts.broadcast import PAGES
from notifications.ingest import pipeline
from notifications.models import Broadcast, Notification, Recall, Source
from notifications.operations.broadcasts import chunks, transitions
from notifications.types.payloads.samples import SAMPLES
from tests.conftest import make_operator

from .conftest import TEXTS, WHERE, shops, work

FORM = TEXTS | {
    "type": "business_update",
    "sellers": "",
    **{f"{name}_{part}": "" for name in ("starts_at", "ends_at", "scheduled_for") for part in (0, 1)},
    "region_ja": "",
    "region_en": "",
}
SORRY = {"correction_ja": "開催は中止です。", "correction_en": "It is cancelled."}


def at(name: str, broadcast: Broadcast) -> str:
    return reverse(f"admin:notifications_broadcast_{name}", args=[broadcast.pk])


@pytest.fixture
def as_omar(client: Client, omar: User) -> Client:
    client.force_login(omar)
    return client


@pytest.fixture
def as_olivia(olivia: User) -> Client:
    client = Client()
    client.force_login(olivia)
    return client


@pytest.fixture
def staff(db: None) -> Callable[..., Client]:
    """`staff("view_broadcast")`: an operator who may just that."""

    def staff(*permissions: str) -> Client:
        user = make_operator(f"{'-'.join(permissions) or 'none'}@ok.test"[-60:], "Sam")
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client = Client()
        client.force_login(user)
        return client

    return staff


def errors(response: object) -> dict[str, list[str]]:
    return response.context["adminform"].form.errors  # type: ignore[attr-defined]


def test_a_draft_is_written_and_changed_and_both_are_recorded(as_omar, shop, omar):
    adding = as_omar.post(reverse("admin:notifications_broadcast_add"), FORM | {"sellers": shop.public_id.lower()})
    broadcast = Broadcast.objects.get()
    changing = as_omar.post(at("change", broadcast), FORM | {"plans": ["professional"], "_continue": "1"})

    broadcast.refresh_from_db()
    assert (adding.status_code, changing.status_code) == (302, 302)
    assert (broadcast.state, broadcast.created_by, broadcast.plans, broadcast.sellers) == (
        "draft",
        omar,
        ["professional"],
        [],
    )
    assert [one.act for one in OperatorAction.objects.order_by("pk")] == ["broadcast.written", "broadcast.changed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sellers": "NOBODY-THERE"}, "sellers"),
        ({"sellers": " ".join(f"X{one}" for one in range(50_001))}, "sellers"),
        ({"title_ja": ""}, "title_ja"),
        ({"body_en": " "}, "body_en"),
        ({"type": "technical_notice"}, "starts_at"),
        ({"type": "emergency_notice"}, "region_ja"),
        (WHERE, "region_ja"),
        ({"type": "account_suspended"}, "type"),
        ({"plans": ["platinum"]}, "plans"),
    ],
)
def test_what_could_not_be_sent_is_not_written(as_omar, changes, field):
    response = as_omar.post(reverse("admin:notifications_broadcast_add"), FORM | changes)

    assert response.status_code == 200
    assert field in errors(response)
    assert Broadcast.objects.count() == OperatorAction.objects.count() == 0


def test_unknown_sellers_are_named_but_not_all_of_fifty(as_omar, shop):
    few = as_omar.post(reverse("admin:notifications_broadcast_add"), FORM | {"sellers": f"AB {shop.public_id} CD"})
    many = as_omar.post(
        reverse("admin:notifications_broadcast_add"), FORM | {"sellers": " ".join(f"X{one}" for one in range(50))}
    )

    assert errors(few)["sellers"] == ["These sellers do not exist: AB, CD"]
    assert errors(many)["sellers"][0].startswith("50 of these sellers do not exist. The first are: X0, X1,")


def test_what_is_released_is_to_look_at(as_omar, shop, released):
    broadcast = released(scheduled_for=timezone.now() + timezone.timedelta(hours=1))

    page = as_omar.get(at("change", broadcast))
    posted = as_omar.post(at("change", broadcast), FORM | {"title_en": "Something else"})
    deleted = as_omar.post(at("delete", broadcast), {"post": "yes"})

    broadcast.refresh_from_db()
    assert (page.status_code, posted.status_code, deleted.status_code) == (200, 403, 403)
    assert page.context["has_change_permission"] is False
    assert broadcast.title_en == TEXTS["title_en"]


def test_from_the_draft_to_the_last_seller(as_omar, shop, hanako, other_shop, draft):
    broadcast = draft()

    asking = as_omar.get(at("release", broadcast))
    as_omar.post(at("release", broadcast), {"seen": asking.context["seen"]})
    work()
    page = as_omar.get(at("change", broadcast))

    assert asking.context["count"].sellers == 2
    assert "2 sellers will be told." in asking.content.decode()
    assert "2 of 2 sellers have been told." in page.content.decode()
    assert Notification.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-99T00:00:00+00:00"])
def test_without_what_was_seen_nothing_is_released(as_omar, shop, draft, seen):
    broadcast = draft()

    response = as_omar.post(at("release", broadcast), {"seen": seen})

    broadcast.refresh_from_db()
    assert (response.status_code, broadcast.state) == (200, "draft")


def test_an_emergency_is_confirmed_by_somebody_else(as_omar, as_olivia, shop, draft):
    broadcast = draft("emergency_notice")
    as_omar.post(at("release", broadcast), {"seen": broadcast.changed_at.isoformat()})

    mine = as_omar.get(at("change", broadcast)).context["standing"]
    as_omar.post(at("confirm", broadcast), {"seen": broadcast.changed_at.isoformat()})
    broadcast.refresh_from_db()
    after_my_own = broadcast.state
    theirs = as_olivia.get(at("change", broadcast)).context["standing"]
    asking = as_olivia.get(at("confirm", broadcast))
    as_olivia.post(at("confirm", broadcast), {"seen": asking.context["seen"]})

    broadcast.refresh_from_db()
    assert [act.page for act in mine.acts] == ["preview", "withdraw"]
    assert after_my_own == "waiting"
    assert [act.page for act in theirs.acts] == ["preview", "withdraw", "confirm"]
    assert broadcast.state == "scheduled"
    assert [words in asking.content.decode() for words in ("Kanto", "関東地方", "all sellers")] == [True] * 3


def test_it_is_watched_stopped_and_resumed(as_omar, released, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 10)
    shops(25)
    broadcast = released()
    chunks.step()

    moving = as_omar.get(at("standing", broadcast)).content.decode()
    as_omar.post(at("stop", broadcast))
    stopped = as_omar.get(at("standing", broadcast)).content.decode()
    as_omar.post(at("resume", broadcast))
    work()
    sent = as_omar.get(at("standing", broadcast)).content.decode()

    assert ("10 of 25 sellers" in moving, "hx-get" in moving) == (True, True)
    assert ("10 of 25 sellers" in stopped, "hx-get" in stopped) == (True, False)
    assert ("25 of 25 sellers" in sent, "hx-get" in sent) == (True, False)


def test_a_broadcast_is_taken_back(as_omar, shop, hanako, released):
    broadcast = released("emergency_notice")
    work()

    asking = as_omar.get(at("recall", broadcast))
    empty = as_omar.post(at("recall", broadcast), {"correction_ja": "中止です。", "correction_en": ""})
    as_omar.post(at("recall", broadcast), SORRY | {"tells": "on"})
    work()

    recall = Recall.objects.get()
    assert 'name="tells" id="id_tells" checked' in asking.content.decode()
    assert empty.status_code == 422
    assert (recall.tells, recall.recalled, recall.correction_en) == (True, 1, SORRY["correction_en"])


@pytest.mark.parametrize("kind", ["business_update", "technical_notice", "coach_recommendations", "emergency_notice"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_preview_shows_all_three_in_both_languages(as_omar, shop, draft, kind, language):
    starts = {"starts_at": timezone.now()} if kind == "technical_notice" else {}
    broadcast = draft(kind, **starts)
    title = TEXTS[f"title_{language}"]
    chosen = {"language": language}

    page = as_omar.get(at("preview", broadcast), chosen)
    letter = as_omar.get(at("mail", broadcast), chosen)
    site = as_omar.get(at("site", broadcast), chosen)

    assert page.context["account"] == shop
    assert title in page.context["subject"]
    assert (page.context["bubble"] is not None) is (kind == "emergency_notice")
    assert title in letter.content.decode()
    assert title in site.content.decode()
    assert f'lang="{language}"' in site.content.decode()


def test_the_preview_is_for_whom_one_likes(as_omar, shop, other_shop, draft):
    broadcast = draft(languages=["ja"])

    theirs = as_omar.get(at("preview", broadcast), {"seller": other_shop.public_id.lower()})
    nobodys = as_omar.get(at("preview", broadcast), {"seller": "NOBODY"})
    empty = as_omar.get(at("preview", draft(regions=["eu"])))

    assert theirs.context["account"] == other_shop
    assert [page.context["account"] for page in (nobodys, empty)] == [None, None]
    assert [page.status_code for page in (theirs, nobodys, empty)] == [200, 200, 200]


def test_the_frames_may_be_framed_by_us_alone_and_run_nothing(as_omar, shop, draft):
    broadcast = draft()

    outer = as_omar.get(at("preview", broadcast)).headers["Content-Security-Policy"]
    letter = as_omar.get(at("mail", broadcast))
    site = as_omar.get(at("site", broadcast))
    policy = dict(
        part.strip().split(" ", 1) for part in letter.headers["Content-Security-Policy"].split(";") if part.strip()
    )

    assert "frame-src 'self'" in outer
    assert "unsafe-inline" not in outer
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    }
    assert letter.headers["X-Frame-Options"] == site.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe-inline" not in site.headers["Content-Security-Policy"]


def test_a_test_goes_to_the_operator_alone(as_omar, shop, hanako, draft, omar):
    broadcast = draft()

    as_omar.post(at("test", broadcast))

    [sent] = mail.outbox
    assert sent.to == [omar.email]
    assert sent.subject == "[Test] [花子の器] The year-end sale"
    assert [kind for _body, kind in sent.alternatives] == ["text/html"]
    assert "/unsubscribe/" not in sent.body
    assert Notification.objects.count() == 0
    assert [one.act for one in OperatorAction.objects.all()] == ["broadcast.tested"]


def test_tests_are_limited(as_omar, shop, draft, settings):
    settings.ACCOUNT_RATE_LIMITS = {"test_broadcast": "2/h/user"}
    broadcast = draft()

    for _time in range(4):
        as_omar.post(at("test", broadcast))

    assert len(mail.outbox) == 2


@pytest.mark.parametrize("name", PAGES)
def test_each_page_wants_its_permission(staff, shop, draft, name):
    broadcast = draft()
    needed = {"view_broadcast", PAGES[name][1]}
    others = {permission for _view, permission in PAGES.values()} | {"add_broadcast", "view_broadcast"}
    without = staff(*sorted(others - {PAGES[name][1]}))

    refused = [without.get(at(name, broadcast)).status_code, without.post(at(name, broadcast)).status_code]
    allowed = staff(*sorted(needed)).get(at(name, broadcast)).status_code

    broadcast.refresh_from_db()
    assert refused == [403, 403]
    assert allowed in (200, 405)
    assert broadcast.state == "draft"
    assert OperatorAction.objects.count() == 0


def test_acts_want_a_token_and_a_post(shop, omar, released):
    broadcast = released()
    chunks.step()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(omar)
    Broadcast.objects.update(state="sending", due_at=timezone.now())
    before = OperatorAction.objects.count()

    for name in ("stop", "resume", "withdraw", "test", "recall", "release", "confirm"):
        assert strict.post(at(name, broadcast)).status_code == 403, name
    for name in ("stop", "resume", "withdraw", "test"):
        assert strict.get(at(name, broadcast)).status_code == 405, name

    assert OperatorAction.objects.count() == before


def test_an_operator_sees_only_the_buttons_that_they_may_press(staff, shop, released):
    broadcast = released()
    work()
    looking = staff("view_broadcast")
    recalling = staff("view_broadcast", "recall_notification")

    acts = [client.get(at("change", broadcast)).context["standing"].acts for client in (looking, recalling)]

    assert [[act.page for act in some] for some in acts] == [["preview"], ["preview", "recall"]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(as_omar, draft, count, django_assert_num_queries):
    for _one in range(count):
        draft()
    address = reverse("admin:notifications_broadcast_changelist")
    as_omar.get(address)

    with django_assert_num_queries(4):
        page = as_omar.get(address)

    assert len(page.context["cl"].result_list) == count


def test_a_page_of_nothing_is_not_found(as_omar):
    for name in PAGES:
        assert as_omar.get(f"/admin/notifications/broadcast/not-a-uuid/{name}/").status_code == 404, name


def take_back(client: Client, ids: list[object], **more: str) -> object:
    data = {"action": "take_back", "_selected_action": [str(pk) for pk in ids], **more}
    return client.post(reverse("admin:notifications_notification_changelist"), data)


def test_chosen_notices_are_taken_back_after_a_question(as_omar, shop, hanako):
    source = Source.objects.create(name="Marketplace")
    pipeline.notify(shop, "account_at_risk", event_id="1", data=SAMPLES["account_at_risk"], source=source)
    [pk] = Notification.objects.values_list("pk", flat=True)

    asking = take_back(as_omar, [pk])
    empty = take_back(as_omar, [pk], correction_ja="", correction_en="")
    nothing_yet = Recall.objects.count()
    done = take_back(as_omar, [pk], **SORRY)

    assert (asking.status_code, empty.status_code, nothing_yet, done.status_code) == (200, 422, 0, 302)
    assert Notification.objects.get().recall.correction_ja == SORRY["correction_ja"]


def test_only_who_may_takes_notices_back(staff, shop, hanako):
    source = Source.objects.create(name="Marketplace")
    pipeline.notify(shop, "account_at_risk", event_id="1", data=SAMPLES["account_at_risk"], source=source)
    [pk] = Notification.objects.values_list("pk", flat=True)

    take_back(staff("view_notification"), [pk], **SORRY)
    refused = Recall.objects.count()
    take_back(staff("view_notification", "recall_notification"), [pk], **SORRY)

    assert (refused, Recall.objects.count()) == (0, 1)


def test_the_page_of_a_notice_offers_to_take_it_back_once(as_omar, shop, hanako):
    source = Source.objects.create(name="Marketplace")
    pipeline.notify(shop, "account_at_risk", event_id="1", data=SAMPLES["account_at_risk"], source=source)
    [pk] = Notification.objects.values_list("pk", flat=True)
    page = reverse("admin:notifications_notification_change", args=[pk])
    offered = 'value="take_back"'

    before = offered in as_omar.get(page).content.decode()
    take_back(as_omar, [pk], **SORRY)

    assert (before, offered in as_omar.get(page).content.decode()) == (True, False)


def test_the_page_of_a_withdrawn_draft_can_be_changed_again(as_omar, shop, released, omar):
    broadcast = released(scheduled_for=timezone.now() + timezone.timedelta(hours=1))

    as_omar.post(at("withdraw", broadcast))
    as_omar.post(at("change", broadcast), FORM | {"title_en": "Something else"})

    broadcast.refresh_from_db()
    assert (broadcast.state, broadcast.title_en) == ("draft", "Something else")
    assert transitions.WITHDRAWABLE == ("waiting", "scheduled")
