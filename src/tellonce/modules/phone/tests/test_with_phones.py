"""The whole way: a real phone calls, waits, reaches a person's phone, and stands in the story with its recording."""

import asyncio
import time
from pathlib import Path

import pytest

from tellonce.modules.care.models import Contact
from tellonce.modules.phone import actions
from tellonce.modules.phone.models import Call, DeskPhone, Entry, LivePerson, Recording, Skill
from tellonce.modules.phone.serving.directory import PhoneDirectory
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.making import a_queue
from tellonce.modules.phone.tests.switchboards import QUICK, asks, conninfo, until
from tellonce.modules.record.models import Moment
from tellonce.modules.staff.contracts import SYSTEM
from tellonce.switchboard import voices, wording
from tellonce.switchboard.drivers.embedded.driver import EmbeddedDriver
from tellonce.switchboard.drivers.embedded.settings import GatewaySettings
from tellonce.switchboard.drivers.embedded.tests.telephones import telephones
from tellonce.switchboard.facts import PersonSet, Presence
from tellonce.switchboard.prompts import Prompt
from tellonce.switchboard.server import Switchboard
from tellonce.switchboard.wiring import Manners, Wiring
from tests.factories import NOW, a_customer, a_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.phones]

NUMBER = "+12025550199"
CUSTOMER_TONE, DANA_TONE = 440, 1_000


def speech(prompt: Prompt) -> bytes:
    return voices.speech(prompt).tobytes()


def test_a_real_call_reaches_a_person_and_becomes_part_of_the_story(tmp_path: Path) -> None:
    mia, dana = a_customer(name="Mia", phone=NUMBER), a_person(name="Dana")
    Entry.objects.create(number="care", queue=a_queue("care", skill_code="care"))
    Skill.objects.create(person=dana, code="care")
    given = actions.give_phone(person_id=dana.pk, by=SYSTEM, at=NOW)
    assert DeskPhone.objects.get().user == given.user
    said = wording.Speech()
    driver = EmbeddedDriver(
        GatewaySettings(folder=str(tmp_path), port=0, open_entries=("care",)),
        speech=speech,
        music=lambda: voices.music().tobytes(),
    )
    wiring = Wiring(
        driver,
        lambda board, command: wording.said(command, said, at=board.now),
        manners=Manners(welcome=wording.welcome(said, is_recorded=True)),
        needs_phones=True,
        records=True,
    )

    async def whole() -> None:
        journal, stop = PostgresJournal(conninfo()), asyncio.Event()
        board = Switchboard(
            journal=journal,
            directory=PhoneDirectory(records=True),
            wiring=wiring,
            clock=time.time,
            times=QUICK,
            realm=actions.REALM,
        )
        running = asyncio.create_task(board.run(stop))
        await until(lambda: board.is_serving or running.done())
        async with telephones() as phones:
            at = f"127.0.0.1:{driver.port}"
            desk = await phones.desk(at=at, user=given.user, secret=given.password, tone=DANA_TONE)
            await asks(PersonSet(0.0, dana.pk, Presence.AVAILABLE))  # before there is a phone
            await until(lambda: LivePerson.objects.get(pk=dana.pk).reason == "no_phone")
            await desk.agent.register()
            await until(lambda: LivePerson.objects.get(pk=dana.pk).state == "available")
            talk = await (await phones.customer(CUSTOMER_TONE, user=NUMBER)).call(f"sip:care@{at}")
            answered = await desk.picks_up()
            await asyncio.gather(talk.hears(DANA_TONE), answered.hears(CUSTOMER_TONE))
            await until(lambda: Contact.objects.filter(taken_by_id=dana.pk, customer_id=mia.pk).exists())
            await talk.call.hangup()
            await answered.ends()
            await until(lambda: Call.objects.filter(outcome="answered", customer_id=mia.pk).exists())
            await until(lambda: Recording.objects.filter(customer_id=mia.pk).exists())
        stop.set()
        board.wake()
        await running
        journal.close()

    asyncio.run(whole())
    assert Moment.objects.filter(customer_id=mia.pk, kind="phone.call_recorded").exists()
    assert Path(Recording.objects.get().file).stat().st_size > 8_000
