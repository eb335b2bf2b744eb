"""Forms about people."""

from django import forms
from django.http import HttpRequest

from .models import User


class SignupDetailsForm(forms.Form):
    """What sign-up asks beyond address and password."""

    name = forms.CharField(max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
