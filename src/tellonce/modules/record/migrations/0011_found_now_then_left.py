"""Customers by words in one call: those who are customers now, and when they are too few those who left."""

from django.db import migrations

FOUND = """
DROP FUNCTION record_found_by_words(tsquery, boolean, text[], integer);
CREATE FUNCTION record_found_by_words(wanted tsquery, short text[], most integer)
RETURNS TABLE (customer_id bigint, words text, is_left boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    there integer;
BEGIN
    RETURN QUERY SELECT d.customer_id, d.words, false FROM (
        SELECT s.customer_id, s.words FROM record_searchdocument s
        WHERE NOT s.is_left AND array_to_tsvector(string_to_array(s.words, ' ')) @@ wanted LIMIT 10000
    ) d WHERE (' ' || d.words) LIKE ALL (short) LIMIT most;
    GET DIAGNOSTICS there = ROW_COUNT;
    IF there < most THEN
        RETURN QUERY SELECT d.customer_id, d.words, true FROM (
            SELECT s.customer_id, s.words FROM record_searchdocument s
            WHERE s.is_left AND array_to_tsvector(string_to_array(s.words, ' ')) @@ wanted LIMIT 10000
        ) d WHERE (' ' || d.words) LIKE ALL (short) LIMIT most - there;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0010_searchentry_key")]
    operations = [
        migrations.RunSQL(FOUND, "DROP FUNCTION IF EXISTS record_found_by_words(tsquery, text[], integer)")
    ]
