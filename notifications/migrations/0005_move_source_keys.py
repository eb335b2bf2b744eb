from typing import Any

from django.db import migrations

OWN = ["Command line"]


def move(apps: Any, schema_editor: Any) -> None:
    """Every key that opened the door still does."""
    Source, SourceKey = apps.get_model("notifications", "Source"), apps.get_model("notifications", "SourceKey")
    Source.objects.filter(name__in=OWN).update(kind="own")
    for source in Source.objects.exclude(name__in=OWN).exclude(key_hash=None):
        SourceKey.objects.get_or_create(
            hash=source.key_hash, defaults={"source": source, "created_at": source.created_at}
        )


def move_back(apps: Any, schema_editor: Any) -> None:
    """The newest key of each source; what holds several keeps one."""
    Source, SourceKey = apps.get_model("notifications", "Source"), apps.get_model("notifications", "SourceKey")
    for source in Source.objects.filter(key_hash=None):
        newest = SourceKey.objects.filter(source=source).order_by("-created_at").first()
        if newest is not None:
            Source.objects.filter(pk=source.pk).update(key_hash=newest.hash)


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_operators")]

    operations = [migrations.RunPython(move, move_back)]
