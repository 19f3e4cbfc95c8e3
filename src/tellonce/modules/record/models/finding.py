"""What customers are found by: kept by the actions and the bulk path, rebuilt from the record, never edited."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Reverse

from tellonce.modules.record.contracts import SearchKind

CODES = (SearchKind.PHONE, SearchKind.ACCOUNT, SearchKind.SERIAL, SearchKind.MAC)


def _as_lexemes(field: str) -> Func:
    """Every word of a folded text as it stands: no parser that would guess at numbers, hosts and hyphens."""
    words = Func(F(field), Value(" "), function="string_to_array")
    return Func(words, function="array_to_tsvector", output_field=SearchVectorField())


class SearchEntry(models.Model):
    """One thing a customer can be found by, folded for search. Compared byte by byte, so that prefixes use the index.

    A phone number is its national digits; a name stands twice, the second time with its last word first.
    """

    pk = models.CompositePrimaryKey("customer_id", "kind", "folded")
    customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=SearchKind)
    folded = models.CharField(max_length=300, db_collation="C")
    shown = models.CharField(max_length=300)
    is_left = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(name="search_in_order", fields=("kind", "is_left", "folded")),
            models.Index(
                F("kind"), F("is_left"), Reverse("folded"), name="search_from_end", condition=Q(kind__in=CODES)
            ),
            GinIndex(
                OpClass(F("folded"), name="gin_trgm_ops"),
                name="search_phone_inside",
                condition=Q(kind=SearchKind.PHONE),
            ),
        )

    def __str__(self) -> str:
        return self.shown


class SearchDocument(models.Model):
    """All words of one customer's names and addresses, so that any of them in any order finds it in one look.

    Behind them stand pairs of the beginnings of a name's words, as in 'ga~ma', for what is typed as 'ma ga'.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    words = models.TextField()
    is_left = models.BooleanField(default=False)

    class Meta:
        indexes = (
            GinIndex(_as_lexemes("words"), name="search_words_now", condition=Q(is_left=False)),
            GinIndex(_as_lexemes("words"), name="search_words_left", condition=Q(is_left=True)),
        )

    def __str__(self) -> str:
        return str(self.customer_id)


class SearchWord(models.Model):
    """Every word that some document holds, and about how many hold it: what misspelt words are compared with.

    `variants` are the word and what is left of it without one of its letters: two words that share one differ by a
    letter more, less or other, or by two that changed places.
    """

    word = models.CharField(max_length=60, primary_key=True, db_collation="C")
    customers = models.BigIntegerField(default=1)
    variants = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = (
            GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="search_word_alike"),
            GinIndex(fields=("variants",), name="search_word_variants"),
        )

    def __str__(self) -> str:
        return self.word
