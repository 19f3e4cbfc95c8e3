"""An erasure knows when its customer was entered, so that a restore does not erase another one with the same id."""

from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0006_words_alike")]
    operations = [
        migrations.AddField(
            model_name="erasure",
            name="customer_created_at",
            field=models.DateTimeField(default=datetime(1970, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
    ]
