"""Why what somebody asked their phone for cannot be: shown on it until they do the next thing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phone", "0010_consult_unanswered")]

    operations = [
        migrations.AddField(
            model_name="liveperson",
            name="refused",
            field=models.CharField(blank=True, db_default="", default="", max_length=24),
        ),
    ]
