"""The access log and the audit are not emptied whole either; an erasure takes the person's words out of the log."""

from django.db import migrations

GUARD = """
CREATE FUNCTION staff_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('tellonce.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only: it is never emptied', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER staff_accessentry_whole BEFORE TRUNCATE ON staff_accessentry
    FOR EACH STATEMENT EXECUTE FUNCTION staff_refuse_truncate();
CREATE TRIGGER staff_staffchange_whole BEFORE TRUNCATE ON staff_staffchange
    FOR EACH STATEMENT EXECUTE FUNCTION staff_refuse_truncate();

CREATE FUNCTION staff_forget_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('tellonce.forgets_access_words', true) = 'on'
       AND to_jsonb(NEW) - ARRAY['reason', 'searched_for'] = to_jsonb(OLD) - ARRAY['reason', 'searched_for']
       AND NEW.reason IN (OLD.reason, '-') AND NEW.searched_for IN (OLD.searched_for, '-') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: its rows are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER staff_accessentry_guard ON staff_accessentry;
CREATE TRIGGER staff_accessentry_guard BEFORE DELETE ON staff_accessentry
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_change();
CREATE TRIGGER staff_accessentry_words BEFORE UPDATE ON staff_accessentry
    FOR EACH ROW EXECUTE FUNCTION staff_forget_words();
"""
NO_GUARD = """
DROP TRIGGER staff_accessentry_words ON staff_accessentry;
DROP TRIGGER staff_accessentry_guard ON staff_accessentry;
CREATE TRIGGER staff_accessentry_guard BEFORE UPDATE OR DELETE ON staff_accessentry
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_change();
DROP FUNCTION staff_forget_words();
DROP TRIGGER staff_staffchange_whole ON staff_staffchange;
DROP TRIGGER staff_accessentry_whole ON staff_accessentry;
DROP FUNCTION staff_refuse_truncate();
"""


class Migration(migrations.Migration):

    dependencies = [("staff", "0002_append_only")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
