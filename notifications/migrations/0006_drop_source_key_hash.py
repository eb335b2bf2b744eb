from django.db import migrations


class Migration(migrations.Migration):
    """Apply this when no process of the release before runs any more."""

    dependencies = [("notifications", "0005_move_source_keys")]

    operations = [migrations.RemoveField(model_name="source", name="key_hash")]
