"""Lays the first canned answers in a new installation; where there are any, they are left alone."""

from django.db import migrations

from tellonce.modules.care.contracts.first_answers import FIRST_ANSWERS


def lay(apps, schema_editor):
    alias = schema_editor.connection.alias
    answers = apps.get_model("care", "CannedAnswer").objects.using(alias)
    matters = dict(apps.get_model("care", "Matter").objects.using(alias).values_list("code", "pk"))
    if answers.exists():
        return
    for first in FIRST_ANSWERS:
        answers.create(
            title=first.title, body=first.body, language=first.language, matter_id=matters.get(first.matter)
        )


class Migration(migrations.Migration):
    dependencies = [("care", "0003_care_first_matters")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
