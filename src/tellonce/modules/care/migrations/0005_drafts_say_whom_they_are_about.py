"""Drafts say which customer, contact and case they are about; those that wait are told by the name of their place."""

from django.db import migrations, models

TELL = r"""
UPDATE care_draft SET contact_id = substring(place from '^[a-z_-]+:([0-9]{1,18}):')::bigint,
    case_id = substring(place from '^[a-z_-]+:case([0-9]{1,18}):')::bigint,
    customer_id = substring(place from '^[a-z_-]+:c([0-9]{1,18}):')::bigint
"""


class Migration(migrations.Migration):

    dependencies = [("care", "0004_care_first_answers")]

    operations = [
        *(
            migrations.AddField(model_name="draft", name=name, field=models.BigIntegerField(null=True))
            for name in ("customer_id", "contact_id", "case_id")
        ),
        migrations.RunSQL(TELL, migrations.RunSQL.noop),
    ]
