from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a recall tells its correction, and to how many it did."""

    dependencies = [("notifications", "0006_drop_source_key_hash")]

    operations = [
        migrations.AddField(
            model_name="recall",
            name="tells",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Send the correction to every seller whom the notice reached by e-mail or LINE.",
                verbose_name="tell the sellers",
            ),
        ),
        migrations.AddField(
            model_name="recall",
            name="told",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="sellers told of the correction"
            ),
        ),
    ]
