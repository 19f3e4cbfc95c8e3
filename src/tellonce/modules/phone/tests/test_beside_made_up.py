"""Real calls beside made-up ones: they ring only where there is a phone, and nobody is paused for having none."""

import pytest

from tellonce.modules.phone.models import LiveContact, LivePerson
from tellonce.modules.phone.serving.journal import PostgresJournal
from tellonce.modules.phone.tests.making import NUMBER
from tellonce.modules.phone.tests.switchboards import (
    asks,
    comes,
    dana,
    in_thread,
    journals,
    run,
    serving,
    until,
)
from tellonce.modules.staff.models import Person
from tellonce.switchboard.drivers import PhonesChanged
from tellonce.switchboard.drivers.fake import FakeDriver
from tellonce.switchboard.drivers.made_up import BesideMadeUp
from tellonce.switchboard.facts import Answered, Arrived, HungUp

__all__ = ["dana", "journals"]

pytestmark = pytest.mark.django_db(transaction=True)


def stage_of(call: str) -> str:
    return LiveContact.objects.filter(pk=call).values_list("stage", flat=True).first() or ""


async def in_order(person: Person) -> object:
    return await in_thread(lambda: (stage_of("real-c1"), LivePerson.objects.get(pk=person.pk).state))


def test_a_real_call_waits_until_somebody_has_a_phone(dana: Person, journals: list[PostgresJournal]) -> None:
    async def day() -> None:
        real = FakeDriver()
        async with serving(journals, driver=BesideMadeUp(real)):
            await comes(dana)
            real.call("c1", "100", NUMBER)
            await until(lambda: stage_of("real-c1") == "waiting")
            await asks(Arrived(0.0, "m1", queue="care", number="+12025550188"))
            await until(lambda: stage_of("m1") == "offered")
            await asks(Answered(0.0, "m1", dana.pk))
            await until(lambda: stage_of("m1") == "talking")
            await asks(HungUp(0.0, "m1"))
            await until(lambda: not stage_of("m1"))
            assert await in_order(dana) == ("waiting", "wrapping_up")
            await comes(dana)
            assert await in_order(dana) == ("waiting", "available")
            real._tell(PhonesChanged(frozenset({dana.pk})))
            await until(lambda: stage_of("real-c1") == "offered")
            await until(lambda: real.lines["c1"].rings == dana.pk)
            real.pick_up("c1", dana.pk)
            await until(lambda: real.lines["c1"].hears == dana.pk)

    run(day)
