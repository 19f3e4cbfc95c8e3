"""Customers by words, always through the index: the planner cannot know how rare a beginning of a word is.

`short` are LIKE patterns of words that are compared afterwards, among at most ten thousand.
"""

from django.db import migrations

FOUND = """
CREATE FUNCTION record_found_by_words(wanted tsquery, left_too boolean, short text[], most integer)
RETURNS TABLE (customer_id bigint, words text)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0 AS $$
BEGIN
    IF left_too THEN
        RETURN QUERY SELECT d.customer_id, d.words FROM (
            SELECT s.customer_id, s.words FROM record_searchdocument s
            WHERE s.is_left AND array_to_tsvector(string_to_array(s.words, ' ')) @@ wanted LIMIT 10000
        ) d WHERE (' ' || d.words) LIKE ALL (short) LIMIT most;
    ELSE
        RETURN QUERY SELECT d.customer_id, d.words FROM (
            SELECT s.customer_id, s.words FROM record_searchdocument s
            WHERE NOT s.is_left AND array_to_tsvector(string_to_array(s.words, ' ')) @@ wanted LIMIT 10000
        ) d WHERE (' ' || d.words) LIKE ALL (short) LIMIT most;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0008_delivery_by_customer")]
    operations = [
        migrations.RunSQL(
            FOUND, "DROP FUNCTION IF EXISTS record_found_by_words(tsquery, boolean, text[], integer)"
        )
    ]
