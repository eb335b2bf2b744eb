"""What three kinds of operators may do. Written down as it was on the day, apart from the code that follows."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

_ACCOUNTS = ["user", "selleraccount", "membership", "invitation", "historyentry", "operatoraction"]
_NOTIFICATIONS = [
    *["address", "attempt", "broadcast", "channelpause", "skippedroute", "delivery", "emergencycontact"],
    *["emergencynotice", "lineevent", "linelink", "lineuser", "linkattempt", "mailreport", "notification"],
    *["preference", "recall", "replay", "returnedmail", "selleralias", "source", "sourcemessage"],
]

SEE_ALL = [
    *[f"accounts.view_{model}" for model in _ACCOUNTS],
    "account.view_emailaddress",
    *[f"notifications.view_{model}" for model in _NOTIFICATIONS],
]
MEND = [
    "notifications.requeue_delivery",
    "notifications.cancel_delivery",
    "notifications.replay_sourcemessage",
]
TELL = [
    "notifications.add_broadcast",
    "notifications.change_broadcast",
    "notifications.view_broadcast",
    "notifications.send_broadcast",
    "notifications.approve_broadcast",
    "notifications.recall_notification",
    "notifications.view_recall",
    "notifications.view_notification",
    "accounts.view_selleraccount",
]
RULE = [
    "accounts.change_user",
    "accounts.change_selleraccount",
    "notifications.add_source",
    "notifications.change_source",
    "notifications.issue_source_key",
    "notifications.add_selleralias",
    "notifications.change_selleralias",
    "notifications.delete_selleralias",
    "notifications.change_channelpause",
    "notifications.read_emergency_calls",
    "notifications.export_emergency_calls",
]
GROUPS = {
    "support": [*SEE_ALL, *MEND],
    "messenger": TELL,
    "administrator": [*SEE_ALL, *MEND, *TELL, *RULE],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Adds what is missing; what superusers gave a group besides stays."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    _make_permissions(apps, schema_editor)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, wanted in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(*[known[key] for key in wanted])


def _make_permissions(apps: Any, schema_editor: Any) -> None:
    """On an empty database they are made after the last migration, which is too late for this one."""
    for label in ("accounts", "account", "notifications"):
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app.models_module = None


def remove_groups(apps: Any, schema_editor: Any) -> None:
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("notifications", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
