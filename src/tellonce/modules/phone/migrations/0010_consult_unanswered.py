from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('phone', '0009_listening_is_a_state'),
    ]

    operations = [
        migrations.AddField(
            model_name='livecontact',
            name='unanswered_by_id',
            field=models.BigIntegerField(blank=True, null=True),
        ),
    ]
