"""Sources that may send events, their API keys, their names for sellers, and the messages they sent."""

import uuid

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SellerAccount

from ..types.enums import AliasKind, MessageState, ParkReason, SourceKind


class Source(models.Model):
    """A system of the marketplace, or of one seller account, that may send events."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=SourceKind,
        default=SourceKind.EVENTS,
        db_default=SourceKind.EVENTS,
        help_text=_("Which format it sends."),
    )
    account = models.ForeignKey(
        SellerAccount,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("seller account"),
        help_text=_("The shop whose own system this is. Empty: a system of the marketplace."),
    )
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        permissions = [("issue_source_key", "Can issue and revoke keys of sources")]

    def __str__(self) -> str:
        return self.name


class SourceKey(models.Model):
    """An API key of a source. Only a hash is stored: the key itself is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys", verbose_name=_("source"))
    hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(
        _("begins with"), max_length=12, blank=True, help_text=_("Enough to recognise it, too little to use it.")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    ends_at = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("Empty: valid until it is rotated or revoked.")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, help_text=_("True to some minutes."))

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")

    def __str__(self) -> str:
        return f"{self.hint}…"


class SellerAlias(models.Model):
    """A source's identifier for one of our seller accounts."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("source"))
    kind = models.CharField(_("kind"), max_length=12, choices=AliasKind)
    value = models.CharField(_("as the source writes it"), max_length=200)
    account = models.ForeignKey(
        SellerAccount, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("seller account")
    )

    class Meta:
        verbose_name = _("name of a seller at a source")
        verbose_name_plural = _("names of sellers at sources")
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "value"], name="seller_alias_unique"),
        ]

    def __str__(self) -> str:
        return self.value


class SourceMessage(models.Model):
    """A message in a source's own format, as received, and its processing state."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="messages", verbose_name=_("source"), db_index=False
    )
    message_id = models.CharField(
        _("message ID"), max_length=200, help_text=_("The source's own; else made from the content.")
    )
    type = models.CharField(_("type"), max_length=80, blank=True, help_text=_("As the source names it."))
    account = models.ForeignKey(
        SellerAccount,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seller account"),
    )
    way = models.CharField(_("how it came"), max_length=12, help_text=_("http or command."))
    raw = models.BinaryField(null=True, editable=False, help_text=_("As it came; emptied after 30 days."))
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    state = models.CharField(_("state"), max_length=12, choices=MessageState)
    reason = models.CharField(_("reason"), max_length=24, choices=ParkReason, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    accepted = models.PositiveIntegerField(_("events accepted"), default=0)
    repeated = models.PositiveIntegerField(_("events that came before"), default=0)
    refused = models.PositiveIntegerField(_("events refused"), default=0)
    tries = models.PositiveSmallIntegerField(_("tries"), default=1)
    completed_at = models.DateTimeField(_("settled"), default=timezone.now)

    class Meta:
        verbose_name = _("message of a source")
        verbose_name_plural = _("messages of sources")
        constraints = [
            models.UniqueConstraint(fields=["source", "message_id"], name="source_message_once"),
        ]
        indexes = [
            models.Index(
                fields=["reason", "id"],
                condition=models.Q(state=MessageState.PARKED),
                name="source_message_parked",
            ),
            models.Index(fields=["received_at"], condition=models.Q(raw__isnull=False), name="source_message_with_raw"),
        ]
        permissions = [("replay_sourcemessage", "Can have parked messages read again")]

    def __str__(self) -> str:
        return f"{self.type} · {self.message_id}"
