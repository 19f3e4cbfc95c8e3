"""Search: what is typed, and who must be found, in which order."""

from datetime import UTC, date, datetime

import pytest

from tellonce.modules.record import actions, queries
from tellonce.modules.record.contracts import NewAccount, NewCustomer, NewDevice, NewPremise
from tellonce.modules.staff.contracts import SYSTEM

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> None:
    """Some customers with names that are easily confused."""
    actions.load_customers(
        [
            NewCustomer(
                name="María González",
                phones=("+12025550123",),
                mails=("maria.g@example.net",),
                premises=(NewPremise(line="12 Oak Street", town="Springfield", postcode="62701"),),
                accounts=(NewAccount(number="8-1000-77"),),
                devices=(NewDevice(serial="HX-0012", mac="A4:83:E7:01:02:03"),),
            ),
            NewCustomer(name="Mario Gonzales", since=date(2020, 1, 1), left_on=date(2021, 1, 1)),
            NewCustomer(name="Mary Smith", premises=(NewPremise(line="3 Elm Road", town="Shelbyville"),)),
            NewCustomer(name="John Smith", phones=("+442079460958",)),
            NewCustomer(name="John Smithson"),
            NewCustomer(name="Ann O'Brien"),
        ],
        by=SYSTEM,
        at=AT,
    )


def names(words: str) -> list[str]:
    return [found.name for found in queries.search(words)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("maria gonzalez", "María González"),
        ("GONZÁLEZ María", "María González"),
        ("gonz", "María González"),
        ("ma go", "María González"),
        ("john smith", "John Smith"),
        ("smith john", "John Smith"),
        ("jonh smiht", "John Smith"),
        ("gonsalez", "María González"),
        ("msith jonh", "John Smith"),
        ("gonsalaz maria", "María González"),
        ("obrein", "Ann O'Brien"),
        ("obrien", "Ann O'Brien"),
        ("o'brien ann", "Ann O'Brien"),
        ("(202) 555-0123", "María González"),
        ("202.555.01", "María González"),
        ("+1 202 555 0123", "María González"),
        ("555 0123", "María González"),
        ("0123", "María González"),
        ("020 7946 0958", "John Smith"),
        ("+44 (0)20 7946", "John Smith"),
        ("0044 20 7946", "John Smith"),
        ("maria.g@", "María González"),
        ("12 oak", "María González"),
        ("oak street", "María González"),
        ("smith elm", "Mary Smith"),
        ("62701", "María González"),
        ("8-1000", "María González"),
        ("8100077", "María González"),
        ("hx0012", "María González"),
        ("HX-00", "María González"),
        ("a4-83-e7", "María González"),
        ("01:02:03", "María González"),
    ],
)
def test_what_is_typed_finds_whom(town: None, typed: str, first: str) -> None:
    assert names(typed)[:1] == [first]


def test_exact_comes_before_prefix_and_customers_before_those_who_left(town: None) -> None:
    assert names("john smith") == ["John Smith", "John Smithson"]
    assert names("mari")[:2] == ["María González", "Mario Gonzales"]
    assert names("gonzal") == ["María González", "Mario Gonzales"]


@pytest.mark.parametrize("typed", ["", "   ", "'", "\\", "%", ":*", "a' | 'b", "(", "@", "+", "::", "\x00"])
def test_nothing_that_is_typed_breaks_it(town: None, typed: str) -> None:
    queries.search(typed)


def test_what_changes_is_found_at_once(town: None) -> None:
    pk = queries.search("john smith")[0].customer_id
    actions.rename_customer(customer_id=pk, name="Jonathan Zwick", by=SYSTEM, at=AT)
    assert names("zwick") == ["Jonathan Zwick"]
    assert names("john smith")[:1] == ["John Smithson"]
    point = actions.add_contact_point(customer_id=pk, kind="phone", value="202 555 0188", by=SYSTEM, at=AT)
    assert names("2025550188") == ["Jonathan Zwick"]
    actions.end_contact_point(contact_point_id=point.pk, by=SYSTEM, at=AT)
    assert names("2025550188") == []
