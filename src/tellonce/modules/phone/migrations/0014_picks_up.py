"""Whether somebody's SIP phone picks up by itself when they answer on the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phone", "0013_accounts")]

    operations = [
        migrations.AddField(
            model_name="deskphone",
            name="picks_up",
            field=models.BooleanField(db_default=False, default=False, verbose_name="picks up by itself"),
        ),
    ]
