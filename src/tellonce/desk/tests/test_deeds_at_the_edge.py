"""What comes from outside in a deed: files too large to read, and prices in currencies without cents."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tellonce.modules.care.models import Attachment
from tellonce.modules.record.models import Service
from tests.factories import a_contact, a_customer, a_person

pytestmark = pytest.mark.django_db


def in_contact(name: str) -> tuple[Client, str]:
    dana, maria, client = a_person(), a_customer(), Client()
    client.force_login(dana)
    contact = a_contact(customer=maria, taken_by=dana, at=timezone.now())
    return client, f"/customers/{maria.pk}/do/{name}?contact={contact.pk}"


def test_a_file_is_attached_to_a_contact_by_a_form_that_sends_files() -> None:
    client, address = in_contact("attach")
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    assert client.post(address, {"file": SimpleUploadedFile("modem.txt", b"red light")}).status_code == 303
    assert Attachment.objects.get().contact_id == int(address.rpartition("=")[2])


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    client, address = in_contact("attach")
    monkeypatch.setattr("tellonce.modules.care.actions.attachments.MOST_BYTES", 4)
    monkeypatch.setattr("django.core.files.uploadedfile.InMemoryUploadedFile.read", _never)
    file = BytesIO(b"12345")
    file.name = "a.txt"  # the client reads it on its side: it must not be one of Django's
    assert "larger than" in client.post(address, {"file": file}).content.decode()
    assert not Attachment.objects.exists()


def _never(*_args: object) -> bytes:
    raise AssertionError("read into memory before its size was asked")


@pytest.mark.parametrize(
    ("currency", "typed", "minor"), [("JPY", "5980", 5980), ("BHD", "12.345", 12_345), ("USD", "59.90", 5990)]
)
def test_a_price_has_the_decimals_of_its_currency(settings: Any, currency: str, typed: str, minor: int) -> None:
    settings.SETUP = replace(settings.SETUP, currency=currency)
    client, address = in_contact("add-service")
    values = {"kind": "internet", "plan": "Fibre 100", "price": typed, "status": "active"}
    assert client.post(address, values).status_code == 303
    service = Service.objects.get()
    assert service.price_minor == minor
    change = address.replace("add-service", "change-service") + f"&thing={service.pk}"
    assert f'value="{typed}"' in client.get(change).content.decode()
    assert client.post(change, values | {"price": typed + ("1" if "." in typed else ".1")}).status_code == 422
