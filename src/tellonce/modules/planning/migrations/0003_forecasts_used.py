"""A decision keeps the forecasts it is rehearsed with; why it could not be rehearsed is kept for readers of any language."""

import django.db.models.deletion
from django.db import migrations, models


def _keep_words(apps, schema_editor):
    rehearsals = apps.get_model("planning", "Rehearsal")
    for found in rehearsals.objects.exclude(why="").only("why"):
        rehearsals.objects.filter(pk=found.pk).update(refused={"reason": "", "told": {}, "text": found.why})


def _give_words_back(apps, schema_editor):
    rehearsals = apps.get_model("planning", "Rehearsal")
    for found in rehearsals.objects.exclude(refused={}).only("refused"):
        rehearsals.objects.filter(pk=found.pk).update(why=found.refused.get("text", ""))


class Migration(migrations.Migration):

    dependencies = [("planning", "0002_decisions")]

    operations = [
        migrations.AddField(model_name="rehearsal", name="refused", field=models.JSONField(default=dict)),
        migrations.RunPython(_keep_words, _give_words_back),
        migrations.RemoveField(model_name="rehearsal", name="why"),
        migrations.CreateModel(
            name="ForecastUsed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("forecast", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="planning.forecast")),
                ("rehearsal", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="forecasts_used", to="planning.rehearsal")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("rehearsal", "forecast"), name="forecast_used_once")],
            },
        ),
    ]
