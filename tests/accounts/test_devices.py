"""Where somebody is signed in, and how to end it elsewhere."""

from django.test import Client
from django.urls import reverse

from accounts.models import User

PHONE, LAPTOP = "Phone/1.0", "Laptop/1.0"


def signed_in(user: User, browser: str) -> Client:
    client = Client(headers={"user-agent": browser})
    client.force_login(user)
    client.get(reverse("accounts:profile"))
    return client


def test_all_devices_of_a_person_are_listed_and_nobody_elses(hanako, mika):
    laptop = signed_in(hanako, LAPTOP)
    signed_in(hanako, PHONE)
    signed_in(mika, "Elsewhere/1.0")

    page = laptop.get(reverse("usersessions_list"))

    assert sorted(session.user_agent for session in page.context["sessions"]) == [LAPTOP, PHONE]


def test_the_others_are_signed_out_and_this_one_stays(hanako):
    laptop, phone = signed_in(hanako, LAPTOP), signed_in(hanako, PHONE)

    laptop.post(reverse("usersessions_list"))

    assert laptop.get(reverse("accounts:profile")).status_code == 200
    assert phone.get(reverse("accounts:profile")).status_code == 302
