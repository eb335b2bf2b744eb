"""Admin page of a seller account."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.sellers import SellerAccountAdmin as Base
from accounts.models import SellerAccount

from .seller_page import sheet_of


@admin.register(SellerAccount)
class SellerAccountAdmin(Base):
    """Adds members, recipients, recent notifications and operator actions to the page."""

    change_form_template = "admin/accounts/selleraccount/change_form.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        account = self.get_object(request, object_id) if object_id else None
        sheet = sheet_of(account) if account and self.has_view_permission(request, account) else None
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | {"sheet": sheet})
