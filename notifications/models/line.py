"""LINE users, their links to seller accounts, received webhook events, and messages enqueued for LINE."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import SellerAccount

from ..types.enums import AttemptStage, LinkEnd, LinkOrigin, LinkState

ATTEMPT_LIFETIME = timedelta(minutes=10)
"""As long as LINE's link token and authorization code are valid."""
_OPEN_STAGES = (AttemptStage.STARTED, AttemptStage.IDENTIFIED, AttemptStage.AGREED)


def shown_name(name: str) -> str:
    """Return a LINE user's name for use in a sentence; a placeholder when LINE gave none."""
    return name or pgettext("a LINE user without a name", "no name")


class LineUser(models.Model):
    """A LINE user as known to our LINE provider; user IDs differ between providers."""

    user_id = models.CharField(_("LINE user ID"), primary_key=True, max_length=64)
    name = models.CharField(_("name"), max_length=120, blank=True)
    picture_url = models.CharField(_("picture"), max_length=1000, blank=True)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: LINE does not say, so the shop's language holds."),
    )
    profile_at = models.DateTimeField(_("profile read"), null=True, blank=True)
    # The latest time of each that LINE reported, so that the order in which events arrive does not matter.
    followed_at = models.DateTimeField(_("last became a friend"), null=True, blank=True)
    unfollowed_at = models.DateTimeField(_("last blocked us"), null=True, blank=True)

    class Meta:
        verbose_name = _("LINE user")
        verbose_name_plural = _("LINE users")

    def __str__(self) -> str:
        return self.name or self.user_id

    @property
    def shown_name(self) -> str:
        return shown_name(self.name)

    @property
    def is_friend(self) -> bool:
        """Return whether our official account is a friend and not blocked, by the latest event."""
        if self.followed_at is None:
            return False
        return self.unfollowed_at is None or self.followed_at > self.unfollowed_at


class LineLink(models.Model):
    """A seller account's link to its primary user's LINE account. LINE does not store it: this row is the link."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="line_links", verbose_name=_("seller account")
    )
    line_user = models.ForeignKey(LineUser, on_delete=models.PROTECT, related_name="links", verbose_name=_("LINE user"))
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("linked by"),
    )
    way = models.CharField(_("way"), max_length=8, choices=LinkOrigin)
    state = models.CharField(_("state"), max_length=12, choices=LinkState)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    linked_at = models.DateTimeField(_("linked"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=16, choices=LinkEnd, blank=True)
    refresh_token = models.TextField(
        blank=True, editable=False, help_text=_("Sealed; kept only to tell LINE that the link ended.")
    )

    class Meta:
        verbose_name = _("LINE link")
        verbose_name_plural = _("LINE links")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=~models.Q(state=LinkState.ENDED),
                name="line_link_one_per_account",
            ),
            models.CheckConstraint(condition=models.Q(state__in=LinkState.values), name="line_link_state_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end_reason="") & ~models.Q(state=LinkState.ENDED)
                | models.Q(ended_at__isnull=False, state=LinkState.ENDED, refresh_token="") & ~models.Q(end_reason=""),
                name="line_link_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.line_user}"


class LinkAttempt(models.Model):
    """One run through LINE consent: single use, valid for ten minutes; its secrets are kept only as hashes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField(_("way"), max_length=8, choices=LinkOrigin)
    stage = models.CharField(_("stage"), max_length=12, choices=AttemptStage, default=AttemptStage.STARTED)
    secret_hash = models.CharField(
        max_length=64, unique=True, editable=False, help_text=_("Of LINE's link token, or of the OAuth state.")
    )
    nonce_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    account = models.ForeignKey(
        SellerAccount,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seller account"),
    )
    line_user = models.ForeignKey(
        LineUser, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("LINE user")
    )
    replaces = models.ForeignKey(
        LineLink,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaces"),
        help_text=_("The link that the person chose to replace."),
    )
    refresh_token = models.TextField(blank=True, editable=False)
    failure = models.CharField(_("why it failed"), max_length=24, blank=True)
    created_at = models.DateTimeField(_("started"), default=timezone.now, editable=False)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("attempt to link")
        verbose_name_plural = _("attempts to link")
        indexes = [models.Index(fields=["created_at"], name="link_attempt_by_age")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        return self.stage in _OPEN_STAGES and not self.has_expired

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class LineNotice(models.Model):
    """A message enqueued for a LINE user about a link; its id is the retry key. Deleted when LINE accepts it."""

    class Kind(models.TextChoices):
        LINKED = "linked", _("LINE was linked")
        ENDED = "ended", _("The link ended")
        TEST = "test", _("Test")
        EMAIL_FAILS = "email_fails", _("E-mail does not arrive")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    line_user = models.ForeignKey(LineUser, on_delete=models.CASCADE, related_name="+", verbose_name=_("LINE user"))
    link = models.ForeignKey(
        LineLink, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("LINE link")
    )
    shop = models.CharField(_("shop name"), max_length=120)
    shop_language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    by_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(_("why it ended"), max_length=16, choices=LinkEnd, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("LINE notice")
        verbose_name_plural = _("LINE notices")

    def __str__(self) -> str:
        return f"{self.kind} · {self.line_user_id}"


class LinkMail(models.Model):
    """An e-mail enqueued for the primary user about the account's LINE link. The row is deleted once it is sent."""

    class Kind(models.TextChoices):
        LINKED = "linked", _("LINE was linked")
        ENDED = "ended", _("The link ended")
        BLOCKED = "blocked", _("Our LINE account is blocked.")

    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("seller account")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    line_name = models.CharField(_("LINE user"), max_length=120, blank=True)
    by_name = models.CharField(_("by"), max_length=120, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("letter about a link")
        verbose_name_plural = _("letters about links")

    def __str__(self) -> str:
        return f"{self.kind} · {self.account}"


class Deauthorization(models.Model):
    """A pending call that tells LINE a user withdrew consent. The row is deleted once LINE has accepted it.

    It has no foreign key, so that it outlives the seller account.
    """

    line_user_id = models.CharField(_("LINE user ID"), max_length=64, editable=False)
    refresh_token = models.TextField(editable=False, help_text=_("Sealed."))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("deauthorization")
        verbose_name_plural = _("deauthorizations")

    def __str__(self) -> str:
        return str(self.pk)


class LineEvent(models.Model):
    """A LINE webhook event, stored first and processed by a task."""

    id = models.CharField(_("webhook event ID"), primary_key=True, max_length=64)
    type = models.CharField(_("type"), max_length=40)
    user_id = models.CharField(_("LINE user ID"), max_length=64, blank=True)
    at = models.DateTimeField(_("happened"))
    payload = models.JSONField(
        _("event"), default=dict, help_text=_("Without what was written to us; without secrets once it is done.")
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, default=timezone.now, help_text=_("Empty: done."))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("LINE event")
        verbose_name_plural = _("LINE events")
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="line_event_due"),
            models.Index(fields=["received_at"], name="line_event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.id}"


def attempt_expiry() -> datetime:
    return timezone.now() + ATTEMPT_LIFETIME
