from django.db import migrations, models


class Migration(migrations.Migration):
    """So that addresses are counted by state without reading them all."""

    dependencies = [("notifications", "0009_groups")]

    operations = [
        migrations.AddIndex(
            model_name="address",
            index=models.Index(
                condition=models.Q(("state", "active"), _negated=True), fields=["state"], name="address_not_active"
            ),
        ),
    ]
