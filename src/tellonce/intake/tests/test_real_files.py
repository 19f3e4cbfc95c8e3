"""The real files come in without a lost row, and the pages have what they hold."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from tellonce.intake.commands import import_file
from tellonce.intake.tests.making import ADA, NOW
from tellonce.modules.care import actions as care
from tellonce.modules.care.models import Contact
from tellonce.modules.phone.models import Call
from tellonce.modules.phone.queries import calls_between
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.models import Customer
from tests.shared import DATA, shared_file

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_the_ibm_file_comes_in_whole_and_again_changes_nothing() -> None:
    path = shared_file(DATA, "churn/ibm_telco_extended.csv")
    as_of = date(2018, 9, 30)
    done = import_file(kind="customers", path=path, mapping="ibm-telco", by=ADA, at=NOW, as_of=as_of)
    assert done.is_good
    assert done.report.counts.added == 7043
    assert not [note for note in done.report.notes if "does not use" in note]
    customer = Customer.objects.get(source="ibm-telco", external_id="3668-QPYBK")
    card = record_queries.card(customer.pk)
    assert (card.name, card.shown_name, card.number) == ("", "3668-QPYBK", "3668-QPYBK")
    assert (card.since, card.left_on) == (date(2018, 7, 30), date(2018, 9, 30))
    assert card.facts["left_because"] == "Competitor made better offer"
    plans = sorted(service.plan for service in card.services)
    assert plans == ["DSL, Month-to-month", "Online backup", "Online security", "Phone"]
    assert sum(service.price_minor or 0 for service in card.services) == 5385
    place = Customer.objects.get(source="ibm-telco", external_id="7590-VHVEG")
    assert record_queries.card(place.pk).premises[0].areas[0].name == "California"
    assert Customer.objects.filter(source="ibm-telco", left_on__isnull=False).count() == 1869
    again = import_file(kind="customers", path=path, mapping="ibm-telco", by=ADA, at=NOW, as_of=as_of)
    assert again.report.counts.unchanged == 7043


def test_the_maven_file_comes_in_whole_beside_ibms() -> None:
    path = shared_file(DATA, "churn/maven_telecom_customer_churn.csv")
    done = import_file(kind="customers", path=path, mapping="maven-telecom", by=ADA, at=NOW)
    assert (done.is_good, done.report.counts.added) == (True, 7043)
    below_zero = Customer.objects.get(source="maven-telecom", external_id="0003-MKNFE")
    card = record_queries.card(below_zero.pk)
    assert card.facts["monthly_charge"] == -4
    assert {service.price_minor for service in card.services} == {None}
    assert card.since == date(2021, 9, 30)
    assert Customer.objects.filter(source="maven-telecom", left_on__isnull=False).count() == 1869


def test_the_complaints_come_in_whole_and_name_nobody() -> None:
    path = shared_file(DATA, "complaints/comcast_fcc_2015.csv")
    care.lay_first_matters()
    done = import_file(kind="contacts", path=path, mapping="fcc-complaints", by=ADA, at=NOW)
    assert (done.is_good, done.report.counts.added) == (True, 2224)
    contacts = Contact.objects.filter(source="fcc-complaints")
    assert Counter(contacts.values_list("channel", "customer_id")) == {("letter", None): 2224}
    first = contacts.get(external_id="250635")
    assert (first.said, first.began_at.isoformat()) == ("Comcast Cable Internet Speeds", "2015-04-22T19:53:50+00:00")
    assert first.facts["received_by_fcc"] == "Customer Care Call"
    assert first.matter is not None
    assert first.matter.code == "internet.slow"
    assert contacts.get(external_id="242732").facts["for_somebody_else"] is True
    assert 0 < contacts.filter(matter__isnull=True).count() < 600


def test_the_banks_calls_come_in_whole_packed_as_they_are() -> None:
    path = shared_file(DATA, "callcentre/anonymousbank_calls_1999_jan_feb_aug.csv.gz")
    done = import_file(kind="calls", path=path, mapping="anonymousbank", by=ADA, at=NOW)
    assert (done.is_good, done.report.counts.added) == (True, 107_021)
    assert done.report.notes == (
        "1 queue is new.",
        "77 calls asked for a person before they arrived: they arrive with that, their menu times are unknown.",
        "1118 calls that nobody answered have a person or a time with one in the file: that is left out.",
    )
    calls = Call.objects.filter(source="anonymousbank")
    assert Counter(calls.values_list("outcome", flat=True)) == {
        "answered": 85_624, "left_menu": 6_196, "abandoned": 14_373, "other": 828,
    }  # fmt: skip
    assert calls.filter(caller_code="").count() == 60_763
    first = calls.get(external_id="AA0101-33118")
    assert (first.wait_s, first.handle_s, first.person_code, first.service_code) == (17, 54, "AG19", "PS")
    assert (first.caller_code, first.customer_id, first.priority) == ("27997683", 0, 2)
    assert first.arrived_at.isoformat() == "1999-01-01T04:55:20+00:00"
    over_midnight = calls.get(external_id="AA0115-14375")
    assert over_midnight.queued_at is not None
    assert (over_midnight.queued_at - over_midnight.arrived_at).total_seconds() == 6
    arrays = calls_between(first.queue_id, datetime(1999, 1, 1, tzinfo=UTC), datetime(1999, 9, 1, tzinfo=UTC))
    assert len(arrays) == 107_021 - calls.filter(arrived_at__lt=datetime(1999, 1, 1, tzinfo=UTC)).count()
    assert len(arrays.people) == 40
