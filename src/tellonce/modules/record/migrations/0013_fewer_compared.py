"""Words that are compared afterwards are compared among at most four thousand: they are so common that it suffices.

Trigrams of long misspelt words are compared more strictly.
"""

from django.db import migrations

FOUND = """
CREATE OR REPLACE FUNCTION record_found_by_words(wanted tsquery, short text[], most integer)
RETURNS TABLE (customer_id bigint, words text, is_left boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
SET plan_cache_mode = auto AS $$
DECLARE
    there integer;
BEGIN
    RETURN QUERY SELECT d.customer_id, d.words, false FROM (
        SELECT s.customer_id, s.words FROM record_searchdocument s
        WHERE NOT s.is_left AND array_to_tsvector(string_to_array(s.words, ' ')) @@ wanted LIMIT 4000
    ) d WHERE (' ' || d.words) LIKE ALL (short) LIMIT most;
    GET DIAGNOSTICS there = ROW_COUNT;
    IF there < most THEN
        RETURN QUERY SELECT d.customer_id, d.words, true FROM (
            SELECT s.customer_id, s.words FROM record_searchdocument s
            WHERE s.is_left AND array_to_tsvector(string_to_array(s.words, ' ')) @@ wanted LIMIT 4000
        ) d WHERE (' ' || d.words) LIKE ALL (short) LIMIT most - there;
    END IF;
END $$;
"""

ALIKE = """
CREATE OR REPLACE FUNCTION record_words_alike(wanted text, without_a_letter text[])
RETURNS TABLE (word text, customers bigint)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET pg_trgm.similarity_threshold = 0.2
SET plan_cache_mode = auto AS $$
DECLARE
    there integer;
BEGIN
    RETURN QUERY SELECT w.word::text, w.customers FROM record_searchword w
    WHERE w.variants && without_a_letter AND w.word <> wanted ORDER BY w.customers DESC LIMIT 60;
    GET DIAGNOSTICS there = ROW_COUNT;
    IF there = 0 THEN
        -- Two letters that are other leave a long word more of its trigrams than a short one.
        PERFORM set_config('pg_trgm.similarity_threshold',
                           CASE WHEN length(wanted) > 10 THEN '0.35' WHEN length(wanted) > 8 THEN '0.28' ELSE '0.2' END,
                           true);
        RETURN QUERY SELECT w.word::text, w.customers FROM record_searchword w WHERE w.word % wanted
        ORDER BY similarity(w.word, wanted) DESC, w.customers DESC LIMIT 40;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0012_variants_of_words")]
    operations = [
        # loads pg_trgm into this session: before that only a superuser may name its settings
        migrations.RunSQL("SELECT similarity('', '')", migrations.RunSQL.noop),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop), migrations.RunSQL(ALIKE, migrations.RunSQL.noop)
    ]
