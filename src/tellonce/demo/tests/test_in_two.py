"""Two processes make the provider that one would make, and leave every rule where it was."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection

from tellonce.demo import bare
from tellonce.demo.beside import BesideFailedError
from tellonce.demo.generate import generate, generate_in_two, second_process
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Case, Contact, Promise
from tellonce.modules.phone.models import Call
from tellonce.modules.record.models import Customer, Moment

NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
CUSTOMERS = 120
RULES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
WRITTEN = (
    *("record_customer", "record_moment", "record_area", "record_premise", "record_delivery", "network_outage"),
    *("record_searchdocument", "record_searchentry", "record_searchword", "care_contact", "care_case", "phone_call"),
    *("phone_queue", "staff_person", "staff_site", "staff_partner"),
    *(
        "billing_bill",
        "billing_charge",
        "billing_payment",
        "billing_bookprice",
        "billing_deviceevent",
        "billing_billingorder",
    ),
)
NAMES = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"


def silent(_what: str, _share: float) -> None:
    """Progress that nobody listens to."""


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def empty() -> None:
    """No provider, and every number is given from 1 on: some of what is made up follows from them."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(WRITTEN)} RESTART IDENTITY CASCADE")


def made() -> list[list[tuple[object, ...]]]:
    """What stands in the database, apart from the numbers by which it is called."""
    return [
        sorted(Customer.objects.values_list("external_id", "name", "left_on")),
        sorted(Contact.objects.values_list("external_id", "said", "note", "began_at", "customer__external_id")),
        sorted(Case.objects.values_list("title", "opened_at", "state", "customer__external_id")),
        sorted(Promise.objects.values_list("what", "made_at", "state", "case__title")),
        sorted(Call.objects.values_list("external_id", "arrived_at", "wait_s")),
        sorted(Moment.objects.values_list("at", "kind", "words", "by_name")),
    ]


@pytest.fixture(autouse=True)
def whole(transactional_db: None) -> Iterator[None]:
    """What a failed load leaves aside is made again, or later tests would go without it."""
    care.lay_first_matters()
    keys, indexes = bare._parts(bare._FOREIGN_KEYS), bare._parts(bare._INDEXES)
    yield
    left = {part.drop for part in (*bare._parts(bare._FOREIGN_KEYS), *bare._parts(bare._INDEXES))}
    bare._run([part.make for part in (*indexes, *keys) if part.drop not in left])


def test_the_same_provider_with_every_key_and_index_in_place() -> None:
    rules, names = rows(RULES), rows(NAMES)
    empty()
    with second_process(seed=1, now=NOW, customers=CUSTOMERS) as beside:
        generate_in_two(beside, progress=silent)
    in_two = made()
    assert rows(RULES) == rules
    assert rows(NAMES) == names
    empty()
    generate(seed=1, now=NOW, progress=silent, customers=CUSTOMERS)
    for both in zip(in_two, made(), strict=True):
        assert both[0] == both[1]
    assert len(in_two[1]) > 200


def test_a_row_that_a_foreign_key_forbids_is_refused_at_the_end() -> None:
    with pytest.raises(IntegrityError), bare.bare_tables(silent):
        Contact.objects.create(customer_id=987_654, channel="call", began_at=NOW)
    Contact.objects.all().delete()


def test_what_goes_wrong_in_the_second_process_ends_the_first() -> None:
    with second_process(seed=1, now=NOW, customers=CUSTOMERS) as beside:
        beside.write("no people")  # type: ignore[arg-type]  # on purpose
        with pytest.raises(BesideFailedError):
            beside.wait(silent)
