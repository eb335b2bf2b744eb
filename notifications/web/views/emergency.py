"""Views of the emergency phone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.members.access import SellerRequest, notification_editor
from notifications.models import EmergencyContact
from notifications.queue import enqueue
from notifications.recipients import emergency_phone

from ..forms.emergency import PhoneForm


@notification_editor
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SellerRequest) -> HttpResponse:
    """Enter or change the number."""
    contact = EmergencyContact.objects.filter(account=request.seller).first()
    form = PhoneForm(request.POST or None, initial={"phone": emergency_phone.shown(contact.phone)} if contact else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["phone"]
        if emergency_phone.set_phone(request.seller, number, by=request.user):
            enqueue.enqueue_settings_mail()
        messages.success(request, _("The emergency phone is %(phone)s.") % {"phone": emergency_phone.shown(number)})
        return _back(request)
    context = {"form": form, "contact": contact}
    status = 422 if form.errors else 200
    return render(request, "notifications/settings/emergency.html", context, status=status)


@notification_editor
@require_POST
def confirm(request: SellerRequest) -> HttpResponse:
    """Confirm that the number is still right."""
    if emergency_phone.still_right(request.seller, by=request.user):
        messages.success(request, _("Thank you. The emergency phone counts as confirmed today."))
    else:
        messages.error(request, _("There is no emergency phone to confirm. Enter one."))
    return _back(request)


@notification_editor
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SellerRequest) -> HttpResponse:
    """Ask, then delete the number."""
    contact = EmergencyContact.objects.filter(account=request.seller).first()
    if contact is None:
        return _back(request)
    if request.method == "POST":
        if emergency_phone.remove(request.seller, by=request.user):
            enqueue.enqueue_settings_mail()
            messages.success(request, _("The emergency phone was removed."))
        return _back(request)
    context = {"phone": emergency_phone.shown(contact.phone)}
    return render(request, "notifications/settings/remove_emergency.html", context)


def _back(request: SellerRequest) -> HttpResponse:
    return redirect("notifications:options", request.seller.public_id)
