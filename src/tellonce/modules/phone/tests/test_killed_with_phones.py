"""kill -9 of the switchboard in the middle of a real call: the next one has the customer called back, and both hear."""

import asyncio
from pathlib import Path

import pytest

from tellonce.modules.care.models import Contact
from tellonce.modules.phone import actions
from tellonce.modules.phone.models import Call, Entry, LiveContact, LivePerson, Skill
from tellonce.modules.phone.tests.making import NUMBER, a_queue
from tellonce.modules.phone.tests.switchboards import asks, its_process, until
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.switchboard.drivers.embedded.tests.telephones import Telephones, a_free_port, telephones
from tellonce.switchboard.facts import PersonSet, Presence
from tests.factories import NOW, a_customer, a_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.phones]

CARE = "+12025550100"
CUSTOMER_TONE, DANA_TONE = 440, 1_000
WITHIN_S = 120.0


def settings_for(phones: Telephones, *, port: int) -> str:
    """The customer's phone is the carrier that brings their call, and by which they are called."""
    return f"""
recorded = false

[embedded]
port = {port}

[[embedded.trunks]]
name = "carrier"
host = "127.0.0.1"
port = {phones.port}
numbers = ["{CARE}"]
shown_number = "{CARE}"
"""


def test_who_talked_when_the_switchboard_was_killed_is_called_back_and_heard(tmp_path: Path) -> None:
    mia, dana = a_customer(name="Mia", phone=NUMBER), a_person(name="Dana")
    Entry.objects.create(number=CARE, queue=a_queue("care", skill_code="care"))
    Skill.objects.create(person=dana, code="care")
    given = actions.give_phone(person_id=dana.pk, by=SYSTEM, at=NOW)
    port = a_free_port()

    async def whole() -> None:
        async with telephones() as phones:
            (tmp_path / "phones.toml").write_text(settings_for(phones, port=port))
            at = f"127.0.0.1:{port}"
            customer = await phones.customer(CUSTOMER_TONE, user=NUMBER)
            desk = await phones.desk(at=at, user=given.user, secret=given.password, tone=DANA_TONE)
            with its_process(tmp_path, phone="embedded") as first:
                await until(lambda: LivePerson.objects.filter(pk=dana.pk).exists(), WITHIN_S)
                await desk.agent.register()
                await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))
                await until(lambda: LivePerson.objects.get(pk=dana.pk).state == "available", WITHIN_S)
                talk = await customer.call(f"sip:{CARE}@{at}")
                answered = await desk.picks_up()
                await asyncio.gather(talk.hears(DANA_TONE), answered.hears(CUSTOMER_TONE))
                await until(lambda: LiveContact.objects.filter(stage="talking").exists())
                entered = await until_one_entered()
                first.kill()
                first.wait()
            with its_process(tmp_path, phone="embedded"):
                again = await desk.picks_up()
                assert await until_one_entered() == entered
                there = await customer.picks_up()
                await asyncio.gather(there.hears(DANA_TONE), again.hears(CUSTOMER_TONE))
                await there.call.hangup()
                await until(lambda: Call.objects.filter(outcome="answered", customer_id=mia.pk).exists(), WITHIN_S)

    asyncio.run(whole())
    call = Call.objects.get()
    assert (call.answered_by_id, call.contact_id) == (dana.pk, Contact.objects.get(customer_id=mia.pk).pk)


async def until_one_entered() -> list[object]:
    """When those who are there came, by the switchboard's own account."""
    found: list[object] = []

    def look() -> bool:
        found[:] = LiveContact.objects.values_list("entered_at", flat=True)
        return bool(found)

    await until(look)
    return found
