"""Whether a call that runs is recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phone", "0003_followups")]

    operations = [
        migrations.AddField(
            model_name="livecontact",
            name="recording",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
