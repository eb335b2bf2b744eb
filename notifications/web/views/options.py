"""Views of the notification options: the overview, and the form of each group."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.members.access import SellerRequest, member, notification_editor
from accounts.models import SellerAccount
from accounts.rule_violation import RuleViolationError
from notifications.models import EmergencyContact
from notifications.queue import enqueue
from notifications.recipients import emergency_phone, line_account, preference_matrix, preferences
from notifications.recipients.preferences import ConflictError, Saved, in_plan
from notifications.types.definitions import GROUP_BY_KEY, Group

from .. import activity_log
from ..forms import options_redraw
from ..forms.options import GroupForm

HISTORY_SHOWN = 100


@member
@require_safe
def index(request: SellerRequest) -> HttpResponse:
    """Show one card per group, read-only."""
    account = request.seller
    book = preference_matrix.load_address_book(account)
    facts = (
        SellerAccount.objects.select_related("emergency_contact").annotate(**line_account.STANDING).get(pk=account.pk)
    )
    contact: EmergencyContact | None = getattr(facts, "emergency_contact", None)
    link = line_account.LinkStatus.of(vars(facts))
    context = {
        "cards": preference_matrix.cards(account, book, preferences.load_all(account), link.state if link else None),
        "book": book,
        "needs_repair": book.needs_repair,
        "contact": contact,
        "phone": emergency_phone.shown(contact.phone) if contact else "",
    }
    return render(request, "notifications/settings/options.html", context)


@member
@require_safe
def changes(request: SellerRequest) -> HttpResponse:
    """List who changed what and when."""
    entries = activity_log.latest(request.seller, limit=HISTORY_SHOWN)
    context = {"entries": [(entry.at, activity_log.sentence(entry)) for entry in entries], "limit": HISTORY_SHOWN}
    return render(request, "notifications/settings/changes.html", context)


@notification_editor
@require_http_methods(["GET", "HEAD", "POST"])
def edit_group(request: SellerRequest, group: str) -> HttpResponse:
    """Edit one group. Only Save saves; the other buttons render the form again with what was typed."""
    card = GROUP_BY_KEY.get(group)
    if card is None or not any(in_plan(kind, request.seller.plan) for kind in card):
        raise Http404
    if request.method != "POST":
        return _draw(request, card)
    typed = request.POST
    if "add" in typed:
        return _draw(request, card, options_redraw.with_another_row(typed, typed["add"]), focus=typed["add"])
    if "copy" in typed:
        keys = [kind.key for kind in card if in_plan(kind, request.seller.plan)]
        if typed["copy"] not in keys:
            raise Http404
        data = options_redraw.with_same_addresses(typed, typed["copy"], keys)
        return _draw(request, card, data, copied=activity_log.title(typed["copy"]))
    if "theirs" in typed:
        return _take_theirs(request, card, typed)
    return _save(request, card, typed)


def _save(request: SellerRequest, card: Group, typed: QueryDict) -> HttpResponse:
    account = request.seller
    form = _form(request, card, typed)
    if not form.is_valid():
        return _render(request, form, status=422)
    try:
        saved = preferences.save(account, form.wishes(), by=request.user)
    except ConflictError as conflict:
        return _draw_conflict(request, card, typed, form, conflict)
    except RuleViolationError as refusal:
        return _render(request, form, status=422, refusal=str(refusal))
    if saved.unconfirmed:
        enqueue.enqueue_settings_mail()
    _tell(request, saved)
    return redirect("notifications:options", account.public_id)


def _draw_conflict(
    request: SellerRequest, card: Group, typed: QueryDict, form: GroupForm, conflict: ConflictError
) -> HttpResponse:
    choices = preferences.load_all(request.seller)
    untouched = [choices[one.kind.key] for one in form.forms if not one.touched]
    data = options_redraw.with_saved(typed, untouched, preference_matrix.load_address_book(request.seller))
    data = options_redraw.with_their_versions(data, conflict.theirs)
    again = _form(request, card, data)
    for one in again.forms:
        one.theirs = conflict.theirs.get(one.kind.key)
    return _render(request, again, status=409, conflict=True)


def _take_theirs(request: SellerRequest, card: Group, typed: QueryDict) -> HttpResponse:
    wanted = [kind.key for kind in card if kind.key == typed["theirs"]]
    choices = preferences.load_all(request.seller)
    book = preference_matrix.load_address_book(request.seller)
    return _draw(request, card, options_redraw.with_saved(typed, [choices[key] for key in wanted], book))


def _draw(
    request: SellerRequest, card: Group, data: QueryDict | None = None, *, focus: str = "", copied: str = ""
) -> HttpResponse:
    form = _form(request, card, data)
    for one in form.forms:
        one.focused = one.kind.key == focus
    return _render(request, form, copied=copied)


def _form(request: SellerRequest, card: Group, data: QueryDict | None) -> GroupForm:
    account = request.seller
    return GroupForm(
        card,
        plan=account.plan,
        book=preference_matrix.load_address_book(account),
        choices=preferences.load_all(account),
        linked=line_account.state(account) is not None,
        data=data,
    )


def _render(request: SellerRequest, form: GroupForm, *, status: int = 200, **more: object) -> HttpResponse:
    asks = settings.ADDRESS_CONFIRMATION == "require"
    context = {"form": form, "group": form.group, "asks_confirmation": asks, **more}
    return render(request, "notifications/settings/edit_group.html", context, status=status)


def _tell(request: HttpRequest, saved: Saved) -> None:
    if not saved.changes:
        messages.info(request, _("Nothing was different, so nothing was changed."))
        return
    said: dict[tuple[str, str], list[str]] = {}
    for change in saved.changes:
        if change.line != change.before.line:
            on_line = (
                _("Saved: LINE is switched on for “%(titles)s”.")
                if change.line
                else _("Saved: LINE is switched off for “%(titles)s”.")
            )
            said.setdefault((on_line, ""), []).append(str(change.before.type.title))
        if not change.mail_differs:
            continue
        listed = activity_log.listing(list(change.addresses)) or _("the default address")
        if change.email and not change.before.email:
            sentence = _("Saved: e-mail is switched on for “%(titles)s”, to %(addresses)s.")
        elif change.email:
            sentence = _("Saved: e-mail for “%(titles)s” goes to %(addresses)s.")
        else:
            sentence, listed = _("Saved: e-mail is switched off for “%(titles)s”."), ""
        said.setdefault((sentence, listed), []).append(str(change.before.type.title))
    for (sentence, listed), titles in said.items():
        quoted = pgettext("between titles in quotation marks", "”, “").join(titles)
        messages.success(request, sentence % {"titles": quoted, "addresses": listed})
    if saved.unconfirmed:
        messages.warning(
            request,
            _("A confirmation mail goes to %(email)s. Nothing else is sent there until its link was followed.")
            % {"email": activity_log.listing(list(saved.unconfirmed))},
        )
