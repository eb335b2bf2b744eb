"""People and shops, for operators."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from . import activity, people, sellers

__all__ = ["activity", "people", "sellers"]

# Operators sign in on the same page as everybody, with its limits and second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "SellerHub"
