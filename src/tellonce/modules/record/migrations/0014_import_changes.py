"""What imports change is kept for undo, and the row that a customer came as is known again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0013_fewer_compared'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='came_as',
            field=models.CharField(blank=True, db_default='', max_length=32),
        ),
        migrations.AlterField(
            model_name='retentionperiod',
            name='kind',
            field=models.CharField(choices=[('recordings', 'Recordings'), ('bodies', 'Words of messages and contacts'), ('attachments', 'Attachments'), ('access_log', 'Access log'), ('import_files', 'Files handed in for an import that nobody brought in'), ('imports', 'What undoing an import gives back, and values quoted in its report')], max_length=12, primary_key=True, serialize=False, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='ImportChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('import_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(null=True)),
                ('about', models.CharField(max_length=20)),
                ('about_id', models.BigIntegerField()),
                ('field', models.CharField(blank=True, max_length=40)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['import_id', 'customer_id'], name='import_change_of'), models.Index(fields=['customer_id'], name='import_change_customer'), models.Index(fields=['about', 'about_id'], name='import_change_about')],
            },
        ),
    ]
