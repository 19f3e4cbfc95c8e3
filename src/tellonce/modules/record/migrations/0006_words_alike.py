"""Words spelt almost alike, by trigrams; the threshold is the function's own, so that no session has to set it."""

from django.db import migrations

# The library must be loaded before a role that is no superuser may set its parameter: any call loads it.
ALIKE = """
SELECT similarity('', '');
CREATE FUNCTION record_words_alike(wanted text) RETURNS TABLE (word text, customers bigint)
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.25 AS $$
    SELECT w.word::text, w.customers FROM record_searchword w WHERE w.word % wanted
    ORDER BY similarity(w.word, wanted) DESC, w.customers DESC LIMIT 40
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0005_fingerprint_default")]
    operations = [
        # loads pg_trgm into this session: before that only a superuser may name its settings
        migrations.RunSQL("SELECT similarity('', '')", migrations.RunSQL.noop),migrations.RunSQL(ALIKE, "DROP FUNCTION IF EXISTS record_words_alike(text)")]
