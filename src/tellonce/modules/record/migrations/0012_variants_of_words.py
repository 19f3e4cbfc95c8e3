"""Misspelt words by exact look-ups of what is left without a letter; trigrams only where that finds nothing."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

FILL = """
UPDATE record_searchword SET variants = ARRAY(
    SELECT word::text UNION
    SELECT substr(word, 1, i - 1) || substr(word, i + 1) FROM generate_series(1, length(word)) i)
"""
ALIKE = """
DROP FUNCTION record_words_alike(text);
CREATE FUNCTION record_words_alike(wanted text, without_a_letter text[]) RETURNS TABLE (word text, customers bigint)
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET pg_trgm.similarity_threshold = 0.2 AS $$
DECLARE
    there integer;
BEGIN
    RETURN QUERY SELECT w.word::text, w.customers FROM record_searchword w
    WHERE w.variants && without_a_letter AND w.word <> wanted ORDER BY w.customers DESC LIMIT 60;
    GET DIAGNOSTICS there = ROW_COUNT;
    IF there = 0 THEN
        RETURN QUERY SELECT w.word::text, w.customers FROM record_searchword w WHERE w.word % wanted
        ORDER BY similarity(w.word, wanted) DESC, w.customers DESC LIMIT 40;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0011_found_now_then_left")]
    operations = [
        # loads pg_trgm into this session: before that only a superuser may name its settings
        migrations.RunSQL("SELECT similarity('', '')", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="searchword",
            name="variants",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="searchword",
            index=django.contrib.postgres.indexes.GinIndex(fields=["variants"], name="search_word_variants"),
        ),
        migrations.RunSQL(ALIKE, "DROP FUNCTION IF EXISTS record_words_alike(text, text[])"),
    ]
