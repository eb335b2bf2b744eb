"""Admin pages of users and seller accounts."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from . import activity, people, sellers

__all__ = ["activity", "people", "sellers"]

# Operators use the common sign-in page, with its rate limits and MFA.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "SellerHub"
