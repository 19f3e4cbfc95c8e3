"""What became of the contacts of each queue, as the switchboard counts them: for whoever watches the installation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phone", "0012_rules_and_least_level")]

    operations = [
        migrations.CreateModel(
            name="LiveQueue",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("entered", models.BigIntegerField()),
                ("waiting", models.BigIntegerField()),
                ("answered", models.BigIntegerField()),
                ("abandoned", models.BigIntegerField()),
                ("callback", models.BigIntegerField()),
            ],
        ),
    ]
