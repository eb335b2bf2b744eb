"""LINE in the notification options."""

import pytest
from django.urls import reverse

from notifications.models import LineLink, LineUser, Preference
from notifications.recipients import preferences
from notifications.recipients.preferences import LinePreferenceStatus, PreferenceInput, line_preference_status
from notifications.types.enums import LinkState

pytestmark = pytest.mark.django_db

KIND = "account_at_risk"


@pytest.fixture
def edit(client, shop, hanako) -> str:
    client.force_login(hanako)
    return reverse("notifications:edit_group", args=[shop.public_id, "health"])


@pytest.fixture
def link(shop, hanako) -> LineLink:
    person = LineUser.objects.create(user_id="U1", name="花子")
    return LineLink.objects.create(account=shop, line_user=person, linked_by=hanako, way="chat", state=LinkState.LIVE)


def form_of(page, **changes) -> dict[str, object]:
    """What a browser would send for the form as it is drawn, but for the changes."""
    data: dict[str, object] = {}
    for one in page.context["form"].forms:
        key = one.kind.key
        data |= {
            f"{key}-addresses": one["addresses"].value(),
            f"initial-{key}-addresses": one["addresses"].value(),
            f"{key}-new": [""],
            f"{key}-version": one["version"].value(),
        }
        if one.linked:
            data[f"initial-{key}-line"] = str(one["line"].value())
            data |= {f"{key}-line": "on"} if one["line"].value() else {}
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def line_of(shop) -> bool:
    return preferences.load_all(shop)[KIND].line


def test_switching_one_off_and_on_again(client, edit, shop, link):
    off = client.post(edit, form_of(client.get(edit), **{f"{KIND}-line": None}), follow=True)
    while_off = line_of(shop)
    on = client.post(edit, form_of(client.get(edit), **{f"{KIND}-line": "on"}), follow=True)

    assert (while_off, line_of(shop)) == (False, True)
    assert Preference.objects.get().type == KIND
    assert "「アカウント停止の可能性」のLINE通知をオフにしました。" in off.content.decode()
    assert "「アカウント停止の可能性」のLINE通知をオンにしました。" in on.content.decode()
    changes = client.get(reverse("notifications:changes", args=[shop.public_id])).content.decode()
    assert "山田 花子さんが「アカウント停止の可能性」のLINE通知をオフにしました。" in changes


def test_saving_what_is_unchanged_writes_nothing(client, edit, link):
    client.post(edit, form_of(client.get(edit)))

    assert not Preference.objects.exists()


def test_without_a_link_the_box_cannot_be_used_and_says_why(client, edit, shop):
    page = client.get(edit)

    client.post(edit, form_of(page) | {f"{KIND}-line": "on", f"initial-{KIND}-line": "False"})

    text = page.content.decode()
    assert f'id="id_{KIND}-line" disabled' in text.replace('disabled id="', 'id="') or "disabled" in text
    assert "LINEアカウントは連携されていません" in text or "連携されていません" in text
    assert not Preference.objects.exists()


def test_a_type_that_line_does_not_tell_has_no_box(client, shop, hanako, link):
    client.force_login(hanako)

    page = client.get(reverse("notifications:edit_group", args=[shop.public_id, "orders"]))

    assert "-line" not in page.content.decode().replace("line-height", "")


def test_a_type_that_line_does_not_tell_is_never_switched_on(shop, hanako, link):
    preferences.save(shop, {"order_confirmed": PreferenceInput(email=True, addresses=(), line=True)}, by=hanako)

    assert not Preference.objects.exists()


def test_two_who_save_at_once_see_both_versions(client, edit, shop, hanako, link):
    mine = form_of(client.get(edit), **{f"{KIND}-line": None})
    preferences.save(shop, {KIND: PreferenceInput(email=True, addresses=(), line=False)}, by=hanako)
    preferences.save(shop, {KIND: PreferenceInput(email=True, addresses=(), line=True, seen_version=1)}, by=hanako)

    conflict = client.post(edit, mine)

    assert conflict.status_code == 409
    assert "LINEはオンです。" in conflict.content.decode()
    assert line_of(shop) is True


def test_the_matrix_says_how_line_stands(client, shop, hanako, link):
    client.force_login(hanako)
    options = reverse("notifications:options", args=[shop.public_id])
    seen = []
    for state in (LinkState.LIVE, LinkState.BLOCKED):
        LineLink.objects.update(state=state)
        rows = {row.kind.key: row.line for card in client.get(options).context["cards"] for row in card.rows}
        seen.append((rows[KIND], rows["order_confirmed"]))
    LineLink.objects.all().delete()
    rows = {row.kind.key: row.line for card in client.get(options).context["cards"] for row in card.rows}
    seen.append((rows[KIND], rows["order_confirmed"]))

    assert seen == [
        (LinePreferenceStatus.ON, LinePreferenceStatus.NOT_TOLD),
        (LinePreferenceStatus.NOT_REACHING, LinePreferenceStatus.NOT_TOLD),
        (LinePreferenceStatus.NOT_LINKED, LinePreferenceStatus.NOT_TOLD),
    ]


def test_off_is_off_whatever_the_link(shop, hanako):
    preferences.save(shop, {KIND: PreferenceInput(email=True, addresses=(), line=False)}, by=hanako)
    choice = preferences.load_all(shop)[KIND]

    assert [line_preference_status(choice, state) for state in (LinkState.LIVE, LinkState.BLOCKED)] == [
        "off",
        "off",
    ]


def test_home_asks_the_database_no_more_than_nine_times(client, shop, hanako, link, django_assert_max_num_queries):
    client.force_login(hanako)
    home = reverse("home", args=[shop.public_id])
    client.get(home)

    for state in (LinkState.LIVE, LinkState.BLOCKED, LinkState.UNBLOCKED, LinkState.WAITING):
        LineLink.objects.update(state=state)
        with django_assert_max_num_queries(9):
            assert client.get(home).context["link"].state == state
