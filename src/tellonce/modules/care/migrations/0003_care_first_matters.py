"""Lays the first tree of matters in a new installation; a tree that exists is left alone."""

from django.db import migrations

from tellonce.modules.care.contracts.first_matters import FIRST_MATTERS


def _lay(model, alias, matters, parent):
    for position, first in enumerate(matters):
        matter = model.objects.using(alias).create(
            code=f"{parent.code}.{first.word}" if parent else first.word,
            name=first.name,
            parent=parent,
            level=parent.level + 1 if parent else 1,
            position=position,
        )
        _lay(model, alias, first.below, matter)


def lay(apps, schema_editor):
    matter = apps.get_model("care", "Matter")
    alias = schema_editor.connection.alias
    if not matter.objects.using(alias).exists():
        _lay(matter, alias, FIRST_MATTERS, None)


class Migration(migrations.Migration):
    dependencies = [("care", "0002_care_names_and_hiding")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
