"""The audit of staff, the guards of the access log and the audit, and the cache that all processes share."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION staff_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept_since timestamptz;
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'staff_accessentry' THEN
        kept_since := nullif(current_setting('tellonce.access_kept_since', true), '')::timestamptz;
        IF kept_since IS NOT NULL AND OLD.at < kept_since THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: its rows are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER staff_accessentry_guard BEFORE UPDATE OR DELETE ON staff_accessentry
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_change();
CREATE TRIGGER staff_staffchange_guard BEFORE UPDATE OR DELETE ON staff_staffchange
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_change();
"""
NO_GUARD = """
DROP TRIGGER staff_staffchange_guard ON staff_staffchange;
DROP TRIGGER staff_accessentry_guard ON staff_accessentry;
DROP FUNCTION staff_refuse_change();
"""

# As `createcachetable` makes it, which then leaves it alone.
CACHE = """
CREATE TABLE IF NOT EXISTS tellonce_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS tellonce_cache_expires ON tellonce_cache (expires);
"""


class Migration(migrations.Migration):

    dependencies = [("staff", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="StaffChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("what", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=20)),
                ("about_id", models.BigIntegerField()),
                ("about_name", models.CharField(max_length=254)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about", "about_id", "-at"], name="staff_change_about"),
                    models.Index(fields=["-at"], name="staff_change_time"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
        migrations.RunSQL(CACHE, "DROP TABLE IF EXISTS tellonce_cache"),
    ]
