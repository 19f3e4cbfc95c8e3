"""Edits to matters and answers leave who, when, what; their pages show it."""

import pytest
from django.test import Client

from tellonce.modules.care import actions
from tellonce.modules.care.models import CannedAnswer
from tellonce.modules.record import queries as record
from tellonce.modules.staff.contracts import Role
from tests.factories import NOW, a_case, a_customer, a_matter, a_person

pytestmark = pytest.mark.django_db


def test_what_was_done_to_a_matter_and_by_whom_stands_on_its_page() -> None:
    client, admin = Client(), a_person(role=Role.ADMINISTRATOR, name="Ines Vidal")
    client.force_login(admin)
    matter = a_matter("internet.slow")
    client.post(f"/admin/matters/{matter}/rename", {"name": "Too slow"})
    client.post(f"/admin/matters/{matter}/move", {"parent": "", "before": ""})
    client.post(f"/admin/matters/{matter}/retire")
    page = client.get(f"/admin/matters/{matter}").content.decode()
    assert page.count("· Ines Vidal</span>") == 3
    for words in ("Changed</span>", "Moved</span>", "Retired</span>", "→ Too slow"):
        assert words in page


def test_what_an_answer_said_before_stands_on_its_page() -> None:
    client, admin = Client(), a_person(role=Role.ADMINISTRATOR, name="Ines Vidal")
    client.force_login(admin)
    actions.lay_first_matters()
    values = {"title": "Sorry", "body": "We are sorry.", "language": "en", "matter": ""}
    client.post("/admin/answers", values)
    answer = CannedAnswer.objects.get(title="Sorry")
    client.post(f"/admin/answers/{answer.pk}", values | {"body": "We were wrong."})
    page = client.get(f"/admin/answers/{answer.pk}").content.decode()
    assert '<s class="faint">We are sorry.</s> → We were wrong.' in page
    assert "title: " not in page.partition("Changed</span>")[2].partition("</li>")[0]


def test_a_case_that_stands_by_itself_again_says_so_in_the_story() -> None:
    customer, dana = a_customer(), a_person().as_actor()
    part, whole = a_case(customer=customer), a_case(customer=customer)
    actions.put_below(case_id=part.pk, parent_id=whole.pk, by=dana, at=NOW)
    for _twice in range(2):
        actions.put_below(case_id=part.pk, parent_id=None, by=dana, at=NOW)
    kinds = [moment.kind for moment in record.story_page(customer.pk)]
    assert kinds.count("care.case_set_apart") == 1
