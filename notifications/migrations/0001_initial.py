import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.utils.timezone
import phonenumber_field.modelfields
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChannelPause",
            fields=[
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("line", "LINE")],
                        max_length=8,
                        primary_key=True,
                        serialize=False,
                        verbose_name="channel",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("quota", "The messages of this month are used up."),
                            ("unauthorized", "The provider does not accept our credentials."),
                            ("forbidden", "The provider does not let our account send."),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="the provider's words")),
                ("since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="Empty: until the channel works again.", null=True, verbose_name="until"
                    ),
                ),
            ],
            options={
                "verbose_name": "paused channel",
                "verbose_name_plural": "paused channels",
            },
        ),
        migrations.CreateModel(
            name="CounterEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=24)),
                ("channel", models.CharField(blank=True, max_length=8)),
                ("label", models.CharField(blank=True, max_length=64)),
                ("amount", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "tallies",
                "verbose_name_plural": "tallies",
            },
        ),
        migrations.CreateModel(
            name="Deauthorization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line_user_id", models.CharField(editable=False, max_length=64, verbose_name="LINE user ID")),
                ("refresh_token", models.TextField(editable=False, help_text="Sealed.")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="due")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
            ],
            options={
                "verbose_name": "deauthorization",
                "verbose_name_plural": "deauthorizations",
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "heartbeats",
                "verbose_name_plural": "heartbeats",
            },
        ),
        migrations.CreateModel(
            name="LineUser",
            fields=[
                (
                    "user_id",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="LINE user ID"),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("picture_url", models.CharField(blank=True, max_length=1000, verbose_name="picture")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("ja", "日本語"), ("en", "English")],
                        help_text="Empty: LINE does not say, so the shop's language holds.",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                ("profile_at", models.DateTimeField(blank=True, null=True, verbose_name="profile read")),
                ("followed_at", models.DateTimeField(blank=True, null=True, verbose_name="last became a friend")),
                ("unfollowed_at", models.DateTimeField(blank=True, null=True, verbose_name="last blocked us")),
            ],
            options={
                "verbose_name": "LINE user",
                "verbose_name_plural": "LINE users",
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "email",
                    models.CharField(help_text="In its normal form.", max_length=254, verbose_name="e-mail address"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "Unconfirmed"),
                            ("active", "Active"),
                            ("failing", "Failing"),
                            ("refused", "Refused"),
                        ],
                        default="unconfirmed",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("ja", "日本語"), ("en", "English")],
                        help_text="Empty: the seller account's language.",
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="confirmed")),
                (
                    "confirmation_due_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="When the confirmation mail is to be sent or tried again.",
                        null=True,
                    ),
                ),
                ("confirmation_tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "confirmation_sent_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="confirmation mail sent"),
                ),
                (
                    "confirmation_answer",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="the server's words"),
                ),
                (
                    "trusted_since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="What becomes known of mail that left before then no longer counts.",
                        verbose_name="trusted since",
                    ),
                ),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=24,
                        verbose_name="why mail does not arrive",
                    ),
                ),
                (
                    "failure_answer",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        editable=False,
                        max_length=500,
                        verbose_name="the server's words",
                    ),
                ),
                ("next_try_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next try")),
                (
                    "probe",
                    models.UUIDField(
                        blank=True,
                        editable=False,
                        help_text="The held delivery that is tried although it fails.",
                        null=True,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
            },
        ),
        migrations.CreateModel(
            name="AddressTestMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_name", models.CharField(max_length=120, verbose_name="by")),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="due")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.address",
                        verbose_name="address",
                    ),
                ),
            ],
            options={
                "verbose_name": "test mail",
                "verbose_name_plural": "test mails",
            },
        ),
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("business_update", "Business updates"),
                            ("technical_notice", "Technical notices"),
                            ("coach_recommendations", "Selling coach"),
                            ("emergency_notice", "Emergency notice"),
                        ],
                        max_length=40,
                        verbose_name="kind",
                    ),
                ),
                ("title_ja", models.CharField(max_length=300, verbose_name="title in Japanese")),
                ("title_en", models.CharField(max_length=300, verbose_name="title in English")),
                ("body_ja", models.TextField(max_length=10000, verbose_name="text in Japanese")),
                ("body_en", models.TextField(max_length=10000, verbose_name="text in English")),
                (
                    "starts_at",
                    models.DateTimeField(
                        blank=True, help_text="Technical notices only.", null=True, verbose_name="begins"
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True, help_text="Empty while nobody knows.", null=True, verbose_name="ends"
                    ),
                ),
                (
                    "region_ja",
                    models.CharField(
                        blank=True,
                        help_text="Emergency notices only.",
                        max_length=300,
                        verbose_name="where, in Japanese",
                    ),
                ),
                (
                    "region_en",
                    models.CharField(
                        blank=True,
                        help_text="Emergency notices only.",
                        max_length=300,
                        verbose_name="where, in English",
                    ),
                ),
                (
                    "plans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("individual", "Individual"), ("professional", "Professional")], max_length=16
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="selling plans",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=[("ja", "日本語"), ("en", "English")], max_length=8),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("jp", "Japan"),
                                ("na", "North America"),
                                ("eu", "Europe"),
                                ("fe", "Asia and Australia"),
                            ],
                            max_length=4,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="marketplace regions",
                    ),
                ),
                (
                    "sellers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        help_text="Seller IDs. Empty: all who fit the rest.",
                        size=None,
                        verbose_name="sellers",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waiting for a second operator"),
                            ("scheduled", "Scheduled"),
                            ("sending", "Being sent"),
                            ("stopped", "Stopped"),
                            ("sent", "Sent"),
                            ("recalled", "Recalled"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="written"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="changed"),
                ),
                ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="released")),
                ("approved_at", models.DateTimeField(editable=False, null=True, verbose_name="confirmed")),
                (
                    "scheduled_for",
                    models.DateTimeField(
                        blank=True, help_text="Empty: as soon as it is released.", null=True, verbose_name="send at"
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(editable=False, help_text="When its next chunk is to be sent.", null=True),
                ),
                ("started_at", models.DateTimeField(editable=False, null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                ("cursor", models.BigIntegerField(default=0, editable=False)),
                ("total", models.PositiveIntegerField(default=0, editable=False, verbose_name="sellers in all")),
                ("done", models.PositiveIntegerField(default=0, editable=False, verbose_name="sellers done")),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="failed tries")),
                ("problem", models.CharField(blank=True, editable=False, max_length=300, verbose_name="problem")),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        help_text="The second operator of an emergency notice.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
            ],
            options={
                "verbose_name": "broadcast",
                "verbose_name_plural": "broadcasts",
                "permissions": [
                    ("send_broadcast", "Can release, schedule, stop and resume broadcasts"),
                    ("approve_broadcast", "Can confirm an emergency notice that somebody else released"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("line", "LINE")], max_length=8, verbose_name="channel"
                    ),
                ),
                (
                    "recipient",
                    models.CharField(help_text="Address or LINE user ID.", max_length=254, verbose_name="recipient"),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "日本語"), ("en", "English")], max_length=8, verbose_name="language"
                    ),
                ),
                (
                    "priority",
                    models.SmallIntegerField(
                        choices=[(0, "Urgent"), (1, "Normal"), (2, "Bulk")], default=1, verbose_name="priority"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sent", "Sent"),
                            ("held", "Held"),
                            ("bounced", "Came back"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="A claim pushes it to the end of the lease.",
                        verbose_name="due",
                    ),
                ),
                ("lease", models.UUIDField(blank=True, editable=False, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="failed tries")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="the server's words")),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Why it did not arrive, in a word of ours.",
                        max_length=24,
                        verbose_name="cause",
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="notifications.address",
                        verbose_name="address",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "permissions": [
                    ("requeue_delivery", "Can have deliveries sent again"),
                    ("cancel_delivery", "Can cancel deliveries that have not left"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("permanent", models.BooleanField(default=False, verbose_name="permanent")),
                ("code", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="code")),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="the server's words")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="notifications.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
            },
        ),
        migrations.CreateModel(
            name="EmergencyContact",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="emergency_contact",
                        serialize=False,
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "phone",
                    phonenumber_field.modelfields.PhoneNumberField(
                        max_length=128, region=None, verbose_name="emergency phone"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="last confirmed"),
                ),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency contact",
                "verbose_name_plural": "emergency contacts",
                "permissions": [
                    ("read_emergency_calls", "Can use the emergency call list and uncover its numbers"),
                    ("export_emergency_calls", "Can export the emergency call list"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EmergencyNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "masked",
                    models.CharField(
                        blank=True,
                        help_text="Masked. Empty: the number was removed.",
                        max_length=40,
                        verbose_name="phone",
                    ),
                ),
                ("by_name", models.CharField(max_length=120, verbose_name="changed by")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="due")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
            ],
            options={
                "verbose_name": "emergency notice",
                "verbose_name_plural": "emergency notices",
            },
        ),
        migrations.CreateModel(
            name="FailureNotice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("line", "LINE")], max_length=8, verbose_name="channel"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="Empty: done.", null=True, verbose_name="due"
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="outcome")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice of a failure",
                "verbose_name_plural": "notices of failures",
            },
        ),
        migrations.CreateModel(
            name="KnownListing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace_id", models.CharField(blank=True, max_length=32, verbose_name="marketplace ID")),
                ("sku", models.CharField(max_length=64, verbose_name="SKU")),
                ("asin", models.CharField(blank=True, max_length=20, verbose_name="ASIN")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="product name")),
                ("is_open", models.BooleanField(blank=True, null=True, verbose_name="open")),
                ("quantity", models.PositiveIntegerField(blank=True, null=True, verbose_name="quantity of the shop")),
                (
                    "fba_quantity",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="quantity of the marketplace (FBA)"
                    ),
                ),
                ("out_of_stock_since", models.DateTimeField(blank=True, null=True, verbose_name="out of stock since")),
                ("views", models.PositiveIntegerField(blank=True, null=True, verbose_name="views")),
                (
                    "trouble",
                    models.CharField(
                        blank=True,
                        choices=[("", "None"), ("at_risk", "At risk"), ("suspended", "Suspended")],
                        db_default="",
                        default="",
                        max_length=12,
                        verbose_name="trouble",
                    ),
                ),
                ("open_as_of", models.DateTimeField(blank=True, editable=False, null=True)),
                ("trouble_as_of", models.DateTimeField(blank=True, editable=False, null=True)),
                ("stock_as_of", models.DateTimeField(blank=True, editable=False, null=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
            ],
            options={
                "verbose_name": "known listing",
                "verbose_name_plural": "known listings",
            },
        ),
        migrations.CreateModel(
            name="LineEvent",
            fields=[
                (
                    "id",
                    models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="webhook event ID"),
                ),
                ("type", models.CharField(max_length=40, verbose_name="type")),
                ("user_id", models.CharField(blank=True, max_length=64, verbose_name="LINE user ID")),
                ("at", models.DateTimeField(verbose_name="happened")),
                (
                    "payload",
                    models.JSONField(
                        default=dict,
                        help_text="Without what was written to us; without secrets once it is done.",
                        verbose_name="event",
                    ),
                ),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="Empty: done.", null=True, verbose_name="due"
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "LINE event",
                "verbose_name_plural": "LINE events",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="line_event_due"
                    ),
                    models.Index(fields=["received_at"], name="line_event_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[("chat", "From the chat"), ("site", "From the site")], max_length=8, verbose_name="way"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the friend"),
                            ("live", "Linked"),
                            ("blocked", "Blocked"),
                            ("unblocked", "To be linked again"),
                            ("ended", "Ended"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("state_since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("linked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="linked")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unlinked", "Unlinked on the site"),
                            ("unlinked_in_chat", "Unlinked in the chat"),
                            ("replaced", "Replaced by another LINE account"),
                            ("linked_again", "Linked again"),
                            ("handed_over", "The primary role was handed over"),
                            ("closed", "The shop was closed"),
                        ],
                        max_length=16,
                        verbose_name="why it ended",
                    ),
                ),
                (
                    "refresh_token",
                    models.TextField(
                        blank=True, editable=False, help_text="Sealed; kept only to tell LINE that the link ended."
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="line_links",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="linked by",
                    ),
                ),
                (
                    "line_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="notifications.lineuser",
                        verbose_name="LINE user",
                    ),
                ),
            ],
            options={
                "verbose_name": "LINE link",
                "verbose_name_plural": "LINE links",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="link",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deliveries",
                to="notifications.linelink",
                verbose_name="LINE link",
            ),
        ),
        migrations.CreateModel(
            name="LineNotice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("linked", "LINE was linked"),
                            ("ended", "The link ended"),
                            ("test", "Test"),
                            ("email_fails", "E-mail does not arrive"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("shop", models.CharField(max_length=120, verbose_name="shop name")),
                ("shop_language", models.CharField(choices=[("ja", "日本語"), ("en", "English")], max_length=8)),
                ("by_name", models.CharField(blank=True, max_length=120)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unlinked", "Unlinked on the site"),
                            ("unlinked_in_chat", "Unlinked in the chat"),
                            ("replaced", "Replaced by another LINE account"),
                            ("linked_again", "Linked again"),
                            ("handed_over", "The primary role was handed over"),
                            ("closed", "The shop was closed"),
                        ],
                        max_length=16,
                        verbose_name="why it ended",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="due")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.linelink",
                        verbose_name="LINE link",
                    ),
                ),
                (
                    "line_user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.lineuser",
                        verbose_name="LINE user",
                    ),
                ),
            ],
            options={
                "verbose_name": "LINE notice",
                "verbose_name_plural": "LINE notices",
            },
        ),
        migrations.CreateModel(
            name="LinkAttempt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[("chat", "From the chat"), ("site", "From the site")], max_length=8, verbose_name="way"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("identified", "LINE said who it is"),
                            ("agreed", "Agreed, LINE’s answer awaited"),
                            ("linked", "Linked"),
                            ("denied", "Not agreed"),
                            ("failed", "Failed"),
                        ],
                        default="started",
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                (
                    "secret_hash",
                    models.CharField(
                        editable=False,
                        help_text="Of LINE's link token, or of the OAuth state.",
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("nonce_hash", models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ("refresh_token", models.TextField(blank=True, editable=False)),
                ("failure", models.CharField(blank=True, max_length=24, verbose_name="why it failed")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="started"),
                ),
                ("agreed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="agreed")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "line_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.lineuser",
                        verbose_name="LINE user",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        help_text="The link that the person chose to replace.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.linelink",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt to link",
                "verbose_name_plural": "attempts to link",
            },
        ),
        migrations.CreateModel(
            name="LinkMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("linked", "LINE was linked"),
                            ("ended", "The link ended"),
                            ("blocked", "Our LINE account is blocked."),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("line_name", models.CharField(blank=True, max_length=120, verbose_name="LINE user")),
                ("by_name", models.CharField(blank=True, max_length=120, verbose_name="by")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("due_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="due")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter about a link",
                "verbose_name_plural": "letters about links",
            },
        ),
        migrations.CreateModel(
            name="MailReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        editable=False, help_text="The same news again has the same key.", max_length=120, unique=True
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        help_text="smtp, mailbox, or the provider's name.", max_length=16, verbose_name="how it came"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bounce", "Could not be delivered"),
                            ("delayed", "Delayed, still being tried"),
                            ("complaint", "Reported as spam"),
                            ("auto_reply", "Automatic reply"),
                            ("delivered", "Delivered"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        blank=True,
                        help_text="As the news names it; may be another one.",
                        max_length=254,
                        verbose_name="recipient",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="the mail left")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                ("permanent", models.BooleanField(default=False, verbose_name="permanent")),
                ("reason", models.CharField(blank=True, max_length=24, verbose_name="reason")),
                ("code", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="code")),
                (
                    "status",
                    models.CharField(
                        blank=True, help_text="Such as 5.2.2 (RFC 3463).", max_length=12, verbose_name="status"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="the server's words")),
                ("is_judged", models.BooleanField(default=False, verbose_name="judged")),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="notifications.address",
                        verbose_name="address",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="notifications.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "report about a mail",
                "verbose_name_plural": "reports about mail",
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "event_id",
                    models.CharField(help_text="The source's own id.", max_length=200, verbose_name="event ID"),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("order_confirmed", "Order confirmed"),
                            ("fba_order_confirmed", "FBA order confirmed"),
                            ("fba_inbound_shipment", "FBA inbound shipment"),
                            ("return_requested", "Return requested"),
                            ("claim_opened", "Claim opened"),
                            ("listing_created", "Listing created"),
                            ("listing_closed", "Listing closed"),
                            ("report_open_listings", "Open listings report"),
                            ("report_order_fulfillment", "Order fulfilment report"),
                            ("report_sold_listings", "Sold listings report"),
                            ("report_cancelled_listings", "Cancelled listings report"),
                            ("coach_recommendations", "Recommendations"),
                            ("out_of_stock_weekly", "Popular products out of stock"),
                            ("business_update", "Business updates"),
                            ("technical_notice", "Technical notices"),
                            ("disbursement_failed", "Payout failed"),
                            ("late_shipment_rate", "Late shipment rate"),
                            ("valid_tracking_rate", "Valid tracking rate"),
                            ("health_contact", "Contact from the support team"),
                            ("account_suspended", "Account suspended"),
                            ("account_at_risk", "Account at risk"),
                            ("listing_suspended", "Listing suspended"),
                            ("listing_at_risk", "Listing at risk"),
                            ("emergency_notice", "Emergency notice"),
                        ],
                        max_length=40,
                        verbose_name="notification",
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="occurred")),
                ("accepted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="accepted")),
                ("data", models.JSONField(default=dict, verbose_name="data")),
                (
                    "references",
                    models.TextField(
                        blank=True,
                        help_text="Order IDs, SKUs and the like, in lower case, for the search.",
                        verbose_name="references",
                    ),
                ),
                (
                    "dedup_key",
                    models.CharField(
                        blank=True, help_text="Set when told: what must not be told twice.", max_length=200, null=True
                    ),
                ),
                (
                    "withheld",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("switched_off", "It is switched off."),
                            ("not_in_plan", "It is not part of the selling plan."),
                            ("no_address", "There is no e-mail address to send it to."),
                            ("address_unconfirmed", "The address has not been confirmed."),
                            ("address_failing", "Mail to the address fails."),
                            ("address_refused", "The recipient reported our mail as spam."),
                            ("unsubscribed", "The recipient unsubscribed from it."),
                            ("line_not_linked", "No LINE account is linked."),
                            ("line_not_friend", "The linked LINE account has not added ours as a friend."),
                            ("line_blocked", "Our LINE account is blocked."),
                            ("line_unblocked", "The LINE account must be linked again after a block."),
                            ("order_not_confirmed", "The order is not confirmed yet."),
                            ("within_requirement", "The rate meets the requirement."),
                            ("below_threshold", "The sales are below the threshold for this channel."),
                            ("nothing_to_tell", "The list is empty."),
                            ("already_told", "It was told before."),
                        ],
                        help_text="Why it is told to nobody and not shown to the seller as news.",
                        max_length=24,
                        verbose_name="withheld",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "permissions": [("recall_notification", "Can take back what was told")],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="notification",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="notifications.notification",
                verbose_name="notification",
            ),
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("order_confirmed", "Order confirmed"),
                            ("fba_order_confirmed", "FBA order confirmed"),
                            ("fba_inbound_shipment", "FBA inbound shipment"),
                            ("return_requested", "Return requested"),
                            ("claim_opened", "Claim opened"),
                            ("listing_created", "Listing created"),
                            ("listing_closed", "Listing closed"),
                            ("report_open_listings", "Open listings report"),
                            ("report_order_fulfillment", "Order fulfilment report"),
                            ("report_sold_listings", "Sold listings report"),
                            ("report_cancelled_listings", "Cancelled listings report"),
                            ("coach_recommendations", "Recommendations"),
                            ("out_of_stock_weekly", "Popular products out of stock"),
                            ("business_update", "Business updates"),
                            ("technical_notice", "Technical notices"),
                            ("disbursement_failed", "Payout failed"),
                            ("late_shipment_rate", "Late shipment rate"),
                            ("valid_tracking_rate", "Valid tracking rate"),
                            ("health_contact", "Contact from the support team"),
                            ("account_suspended", "Account suspended"),
                            ("account_at_risk", "Account at risk"),
                            ("listing_suspended", "Listing suspended"),
                            ("listing_at_risk", "Listing at risk"),
                            ("emergency_notice", "Emergency notice"),
                        ],
                        max_length=40,
                        verbose_name="notification",
                    ),
                ),
                (
                    "email",
                    models.BooleanField(help_text="Empty: the catalogue's default.", null=True, verbose_name="e-mail"),
                ),
                (
                    "line",
                    models.BooleanField(help_text="Empty: the catalogue's default.", null=True, verbose_name="LINE"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preferences",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "preference",
                "verbose_name_plural": "preferences",
            },
        ),
        migrations.CreateModel(
            name="PreferenceAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="destinations",
                        to="notifications.address",
                    ),
                ),
                (
                    "preference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="destinations",
                        to="notifications.preference",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="preference",
            name="addresses",
            field=models.ManyToManyField(
                help_text="None: the primary user's address.",
                related_name="preferences",
                through="notifications.PreferenceAddress",
                to="notifications.address",
                verbose_name="addresses",
            ),
        ),
        migrations.CreateModel(
            name="ReadHorizon",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("up_to", models.UUIDField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.selleraccount"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "notification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_marks",
                        to="notifications.notification",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("correction_ja", models.TextField(max_length=2000, verbose_name="correction in Japanese")),
                ("correction_en", models.TextField(max_length=2000, verbose_name="correction in English")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="at")),
                ("due_at", models.DateTimeField(editable=False, help_text="Empty: every notice is marked.", null=True)),
                ("cursor", models.UUIDField(editable=False, null=True)),
                (
                    "tells",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Send the correction to every seller whom the notice reached by e-mail or LINE.",
                        verbose_name="tell the sellers",
                    ),
                ),
                (
                    "told",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False, verbose_name="sellers told of the correction"
                    ),
                ),
                ("recalled", models.PositiveIntegerField(default=0, editable=False, verbose_name="notices recalled")),
                (
                    "cancelled",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="messages that had not left"),
                ),
                (
                    "broadcast",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty: notices were chosen one by one.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recall",
                        to="notifications.broadcast",
                        verbose_name="broadcast",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "recall",
                "verbose_name_plural": "recalls",
            },
        ),
        migrations.AddField(
            model_name="notification",
            name="recall",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Set when it was taken back.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notifications",
                to="notifications.recall",
                verbose_name="recall",
            ),
        ),
        migrations.CreateModel(
            name="Replay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "mode",
                    models.CharField(
                        choices=[("all", "Send all"), ("summary", "Send one summary"), ("leave", "Leave them")],
                        max_length=8,
                        verbose_name="what is done",
                    ),
                ),
                ("up_to", models.UUIDField(editable=False, help_text="Deliveries up to this one.")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="notifications")),
                ("sent", models.PositiveIntegerField(default=0, verbose_name="sent")),
                (
                    "left_out",
                    models.PositiveIntegerField(
                        default=0, help_text="By now untrue or too old.", verbose_name="left out"
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="Empty: done.", null=True, verbose_name="due"
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replays",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chosen by",
                    ),
                ),
                (
                    "held_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.address",
                        verbose_name="held for",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.address",
                        verbose_name="sent to",
                    ),
                ),
            ],
            options={
                "verbose_name": "replay",
                "verbose_name_plural": "replays",
            },
        ),
        migrations.CreateModel(
            name="ReturnedMail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "delivery_id",
                    models.UUIDField(
                        editable=False,
                        help_text="Named by the return path, whatever the mail says.",
                        verbose_name="delivery",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="the mail left")),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("raw", models.BinaryField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="Empty: done.", null=True, verbose_name="due"
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="outcome")),
            ],
            options={
                "verbose_name": "returned mail",
                "verbose_name_plural": "returned mail",
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="returned_mail_due"
                    ),
                    models.Index(fields=["received_at"], name="returned_mail_by_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("delivery_id", "digest"), name="returned_mail_once")],
            },
        ),
        migrations.CreateModel(
            name="SkippedRoute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("line", "LINE")], max_length=8, verbose_name="channel"
                    ),
                ),
                ("recipient", models.CharField(blank=True, max_length=254, verbose_name="recipient")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("switched_off", "It is switched off."),
                            ("not_in_plan", "It is not part of the selling plan."),
                            ("no_address", "There is no e-mail address to send it to."),
                            ("address_unconfirmed", "The address has not been confirmed."),
                            ("address_failing", "Mail to the address fails."),
                            ("address_refused", "The recipient reported our mail as spam."),
                            ("unsubscribed", "The recipient unsubscribed from it."),
                            ("line_not_linked", "No LINE account is linked."),
                            ("line_not_friend", "The linked LINE account has not added ours as a friend."),
                            ("line_blocked", "Our LINE account is blocked."),
                            ("line_unblocked", "The LINE account must be linked again after a block."),
                            ("order_not_confirmed", "The order is not confirmed yet."),
                            ("within_requirement", "The rate meets the requirement."),
                            ("below_threshold", "The sales are below the threshold for this channel."),
                            ("nothing_to_tell", "The list is empty."),
                            ("already_told", "It was told before."),
                        ],
                        max_length=24,
                        verbose_name="reason",
                    ),
                ),
                (
                    "detail",
                    models.JSONField(
                        blank=True, default=dict, help_text="Who switched it off and when, where somebody did."
                    ),
                ),
                (
                    "address",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.address",
                        verbose_name="address",
                    ),
                ),
                (
                    "notification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="notifications.notification",
                        verbose_name="notification",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("events", "Our own events"),
                            ("spapi", "Selling Partner API notifications"),
                            ("cart", "Orders of a shop’s own system"),
                            ("own", "SellerHub itself"),
                        ],
                        db_default="events",
                        default="events",
                        help_text="Which format it sends.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="The shop whose own system this is. Empty: a system of the marketplace.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "permissions": [("issue_source_key", "Can issue and revoke keys of sources")],
            },
        ),
        migrations.CreateModel(
            name="SellerAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("seller", "Seller ID of the source"), ("subscription", "Subscription ID")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="as the source writes it")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="notifications.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "name of a seller at a source",
                "verbose_name_plural": "names of sellers at sources",
            },
        ),
        migrations.AddField(
            model_name="notification",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notifications.source",
                verbose_name="source",
            ),
        ),
        migrations.CreateModel(
            name="CartOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order_id", models.CharField(max_length=64, verbose_name="order ID")),
                ("status", models.CharField(max_length=24, verbose_name="status")),
                ("by_marketplace", models.BooleanField(default=False, verbose_name="the marketplace ships it (FBA)")),
                (
                    "carrier",
                    models.CharField(
                        blank=True, help_text="As the shop’s system names it.", max_length=80, verbose_name="carrier"
                    ),
                ),
                (
                    "marketplace_carrier",
                    models.CharField(
                        blank=True,
                        help_text="As the marketplace names it.",
                        max_length=80,
                        verbose_name="carrier at the marketplace",
                    ),
                ),
                ("tracking_number", models.CharField(blank=True, max_length=80, verbose_name="tracking number")),
                ("shipped_at", models.DateTimeField(blank=True, null=True, verbose_name="shipped")),
                (
                    "remind_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Shipped by a carrier that tracks, without a number.",
                        null=True,
                        verbose_name="reminder due",
                    ),
                ),
                ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notifications.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "order of a shop’s own system",
                "verbose_name_plural": "orders of shops’ own systems",
            },
        ),
        migrations.CreateModel(
            name="SourceKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "hint",
                    models.CharField(
                        blank=True,
                        help_text="Enough to recognise it, too little to use it.",
                        max_length=12,
                        verbose_name="begins with",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty: valid until it is rotated or revoked.",
                        null=True,
                        verbose_name="ends",
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True, help_text="True to some minutes.", null=True, verbose_name="last used"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="notifications.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "key",
                "verbose_name_plural": "keys",
            },
        ),
        migrations.CreateModel(
            name="SourceMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "message_id",
                    models.CharField(
                        help_text="The source's own; else made from the content.",
                        max_length=200,
                        verbose_name="message ID",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        blank=True, help_text="As the source names it.", max_length=80, verbose_name="type"
                    ),
                ),
                ("way", models.CharField(help_text="http or command.", max_length=12, verbose_name="how it came")),
                ("raw", models.BinaryField(help_text="As it came; emptied after 30 days.", null=True)),
                ("content_type", models.CharField(blank=True, editable=False, max_length=100)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                (
                    "state",
                    models.CharField(
                        choices=[("read", "Read"), ("ignored", "Not for sellers"), ("parked", "Parked")],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_for_sellers", "It tells nothing that sellers must know."),
                            ("unreadable", "It cannot be read at all."),
                            ("unknown_shape", "A part that we need is missing or different."),
                            ("unknown_seller", "We do not know whose it is."),
                            ("refused", "What it says does not fit the type of notification."),
                            ("failed", "Our own program failed on it."),
                        ],
                        max_length=24,
                        verbose_name="reason",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="detail")),
                ("accepted", models.PositiveIntegerField(default=0, verbose_name="events accepted")),
                ("repeated", models.PositiveIntegerField(default=0, verbose_name="events that came before")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="events refused")),
                ("tries", models.PositiveSmallIntegerField(default=1, verbose_name="tries")),
                ("completed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="settled")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.selleraccount",
                        verbose_name="seller account",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="notifications.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "message of a source",
                "verbose_name_plural": "messages of sources",
                "permissions": [("replay_sourcemessage", "Can have parked messages read again")],
            },
        ),
        migrations.CreateModel(
            name="Unsubscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("order_confirmed", "Order confirmed"),
                            ("fba_order_confirmed", "FBA order confirmed"),
                            ("fba_inbound_shipment", "FBA inbound shipment"),
                            ("return_requested", "Return requested"),
                            ("claim_opened", "Claim opened"),
                            ("listing_created", "Listing created"),
                            ("listing_closed", "Listing closed"),
                            ("report_open_listings", "Open listings report"),
                            ("report_order_fulfillment", "Order fulfilment report"),
                            ("report_sold_listings", "Sold listings report"),
                            ("report_cancelled_listings", "Cancelled listings report"),
                            ("coach_recommendations", "Recommendations"),
                            ("out_of_stock_weekly", "Popular products out of stock"),
                            ("business_update", "Business updates"),
                            ("technical_notice", "Technical notices"),
                            ("disbursement_failed", "Payout failed"),
                            ("late_shipment_rate", "Late shipment rate"),
                            ("valid_tracking_rate", "Valid tracking rate"),
                            ("health_contact", "Contact from the support team"),
                            ("account_suspended", "Account suspended"),
                            ("account_at_risk", "Account at risk"),
                            ("listing_suspended", "Listing suspended"),
                            ("listing_at_risk", "Listing at risk"),
                            ("emergency_notice", "Emergency notice"),
                        ],
                        max_length=40,
                        verbose_name="notification",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "address",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unsubscriptions",
                        to="notifications.address",
                        verbose_name="address",
                    ),
                ),
            ],
            options={
                "verbose_name": "unsubscription",
                "verbose_name_plural": "unsubscriptions",
            },
        ),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("confirmation_due_at__isnull", False)),
                fields=["confirmation_due_at"],
                name="address_confirmation_due",
            ),
        ),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("next_try_at__isnull", False)), fields=["next_try_at"], name="address_next_try"
            ),
        ),
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("state", "active"), _negated=True), fields=["state"], name="address_not_active"
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                models.F("account"), django.db.models.functions.text.Lower("email"), name="address_unique_per_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["unconfirmed", "active", "failing", "refused"])),
                name="address_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="broadcast",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="broadcast_due"),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "waiting", "scheduled", "sending", "stopped", "sent", "recalled"])
                ),
                name="broadcast_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("type", "emergency_notice"), _negated=True),
                    models.Q(("state__in", ["scheduled", "sending", "sent"]), _negated=True),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="broadcast_emergency_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="broadcast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    ("submitted_by__isnull", True),
                    models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="broadcast_two_operators",
            ),
        ),
        migrations.AddIndex(
            model_name="failurenotice",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="failure_notice_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="failurenotice",
            constraint=models.UniqueConstraint(fields=("account", "channel", "day"), name="failure_notice_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="knownlisting",
            index=models.Index(
                condition=models.Q(("out_of_stock_since__isnull", False)),
                fields=["account"],
                name="known_listing_out_of_stock",
            ),
        ),
        migrations.AddIndex(
            model_name="knownlisting",
            index=models.Index(fields=["account", "sku"], name="known_listing_by_sku"),
        ),
        migrations.AddIndex(
            model_name="knownlisting",
            index=models.Index(
                condition=models.Q(("asin", ""), _negated=True),
                fields=["account", "asin"],
                name="known_listing_by_asin",
            ),
        ),
        migrations.AddConstraint(
            model_name="knownlisting",
            constraint=models.UniqueConstraint(
                fields=("account", "marketplace_id", "sku"), name="known_listing_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="linelink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "ended"), _negated=True),
                fields=("account",),
                name="line_link_one_per_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="linelink",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "live", "blocked", "unblocked", "ended"])),
                name="line_link_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="linelink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("end_reason", ""), ("ended_at__isnull", True), models.Q(("state", "ended"), _negated=True)
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("refresh_token", ""),
                        ("state", "ended"),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="line_link_ends_once",
            ),
        ),
        migrations.AddIndex(
            model_name="linkattempt",
            index=models.Index(fields=["created_at"], name="link_attempt_by_age"),
        ),
        migrations.AddIndex(
            model_name="mailreport",
            index=models.Index(fields=["address", "sent_at"], name="mail_report_of_address"),
        ),
        migrations.AddIndex(
            model_name="mailreport",
            index=models.Index(condition=models.Q(("is_judged", False)), fields=["id"], name="mail_report_to_judge"),
        ),
        migrations.AddIndex(
            model_name="mailreport",
            index=models.Index(fields=["received_at"], name="mail_report_by_age"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status", "queued")), fields=["channel", "priority", "due_at"], name="delivery_due"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=models.Q(("link__isnull", False)), fields=["link"], name="delivery_by_link"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["address", "-id"], name="delivery_newest_of_address"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(condition=models.Q(("status", "held")), fields=["address"], name="delivery_held"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("status__in", ["held", "bounced", "failed", "cancelled"])),
                fields=["status", "-id"],
                name="delivery_not_arrived",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("notification", "channel", "recipient"), name="delivery_unique_destination"
            ),
        ),
        migrations.AddConstraint(
            model_name="preferenceaddress",
            constraint=models.UniqueConstraint(fields=("preference", "address"), name="preference_address_named_once"),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(fields=("account", "type"), name="preference_unique_per_type"),
        ),
        migrations.AddConstraint(
            model_name="readhorizon",
            constraint=models.UniqueConstraint(fields=("user", "account"), name="read_horizon_unique"),
        ),
        migrations.AddConstraint(
            model_name="readmark",
            constraint=models.UniqueConstraint(fields=("user", "notification"), name="read_mark_once"),
        ),
        migrations.AddIndex(
            model_name="recall",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="recall_due"),
        ),
        migrations.AddIndex(
            model_name="replay",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="replay_due"),
        ),
        migrations.AddConstraint(
            model_name="replay",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)), fields=("held_for",), name="replay_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="selleralias",
            constraint=models.UniqueConstraint(fields=("source", "kind", "value"), name="seller_alias_unique"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["account", "-id"], name="notification_newest"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["account", "type", "-id"], name="notification_newest_of_type"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("recall__isnull", False)), fields=["recall"], name="notification_recalled"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(fields=("source", "event_id"), name="notification_unique_event"),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dedup_key__isnull", False)),
                fields=("account", "type", "dedup_key"),
                name="notification_told_once",
            ),
        ),
        migrations.AddIndex(
            model_name="cartorder",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)), fields=["remind_at"], name="cart_order_reminder_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="cartorder",
            constraint=models.UniqueConstraint(fields=("account", "order_id"), name="cart_order_unique"),
        ),
        migrations.AddIndex(
            model_name="sourcemessage",
            index=models.Index(
                condition=models.Q(("state", "parked")), fields=["reason", "id"], name="source_message_parked"
            ),
        ),
        migrations.AddIndex(
            model_name="sourcemessage",
            index=models.Index(
                condition=models.Q(("raw__isnull", False)), fields=["received_at"], name="source_message_with_raw"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcemessage",
            constraint=models.UniqueConstraint(fields=("source", "message_id"), name="source_message_once"),
        ),
        migrations.AddConstraint(
            model_name="unsubscription",
            constraint=models.UniqueConstraint(fields=("address", "type"), name="unsubscription_once"),
        ),
    ]
