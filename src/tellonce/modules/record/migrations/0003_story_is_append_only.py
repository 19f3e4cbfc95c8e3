"""The story is append-only: only an erasure may change a moment, and only to blank it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION record_moment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('tellonce.may_delete_moments', true) = 'on' THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION 'the story is append-only: a moment is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.erased_at IS NULL OR NEW.words <> ''
       OR (NEW.data <> '{}'::jsonb AND NEW.data IS DISTINCT FROM OLD.data)
       OR (NEW.by_name <> '' AND NEW.by_name IS DISTINCT FROM OLD.by_name)
       OR (NEW.customer_id, NEW.id, NEW.at, NEW.kind, NEW.channel, NEW.direction, NEW.by_kind, NEW.by_id)
          IS DISTINCT FROM
          (OLD.customer_id, OLD.id, OLD.at, OLD.kind, OLD.channel, OLD.direction, OLD.by_kind, OLD.by_id)
       OR (NEW.team_id, NEW.site_id, NEW.partner_id, NEW.about, NEW.about_id, NEW.contact_id, NEW.case_id,
           NEW.matter_id, NEW.corrects, NEW.import_id)
          IS DISTINCT FROM
          (OLD.team_id, OLD.site_id, OLD.partner_id, OLD.about, OLD.about_id, OLD.contact_id, OLD.case_id,
           OLD.matter_id, OLD.corrects, OLD.import_id) THEN
        RAISE EXCEPTION 'the story is append-only: a moment is changed by erasure only'
            USING ERRCODE = 'restrict_violation', HINT = 'Tell a new moment that corrects this one.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moment_append_only BEFORE UPDATE OR DELETE ON record_moment
    FOR EACH ROW EXECUTE FUNCTION record_moment_guard();
"""

UNGUARD = """
DROP TRIGGER IF EXISTS moment_append_only ON record_moment;
DROP FUNCTION IF EXISTS record_moment_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0002_finding_and_privacy")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
