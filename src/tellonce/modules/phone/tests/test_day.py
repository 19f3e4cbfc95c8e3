"""The day at the phones, by real engines: each number of the floor from the journal alone."""

import math
from dataclasses import replace

from tellonce.lab.simulation import simulate
from tellonce.lab.simulation.examples import provider
from tellonce.modules.phone.queries.day import DayFold, QueueDay, Share
from tellonce.switchboard.codec import encode
from tellonce.switchboard.commands import Dial
from tellonce.switchboard.days import Day
from tellonce.switchboard.decisions import WaitTold
from tellonce.switchboard.engine import Engine, Result
from tellonce.switchboard.facts import (
    CallbackPromised,
    CallbackWithdrawn,
    ConsultAsked,
    DialAnswered,
    DialFailed,
    Fact,
    Finished,
    LineLost,
    TransferAsked,
    TransferDone,
    WrappedUp,
)
from tellonce.switchboard.folding import Event
from tellonce.switchboard.settings import Dialling, Member, Queue
from tellonce.switchboard.tests.making import ANN, BOB, CARE, CAT, Floor

WITHIN = {"care": 60.0, "tech": 60.0}
OFFERING = replace(CARE, callback_above_s=60.0)
TECH = Queue("tech", "tech")
BOTH = (Member(ANN, {"care": 1}), Member(BOB, {"tech": 1}), Member(CAT, {"tech": 1}))
START = 900.0  # the floor's clock starts at 1000, in the second quarter hour of 1970


def folded(floor: Floor) -> DayFold:
    fold = DayFold(WITHIN)
    for event in floor.events:
        fold.take(event)
    return fold


def day(floor: Floor, queue: str = "care", *, share: float = 0.8, since: float = START) -> QueueDay:
    return folded(floor).queue_day(queue, since=since, now=floor.at, target_share=share)


def number(place: int) -> str:
    return f"+120255501{place:02}"


def talks(floor: Floor, contact: str, *, after_s: float, place: int = 0, for_s: float = 0.0) -> None:
    """Somebody calls, Ann takes it after so many seconds, and it ends."""
    floor.calls(contact, number=number(place))
    floor.wait(after_s)
    floor.comes(ANN)
    floor.answers(ANN, contact)
    floor.wait(for_s)
    floor.hangs_up(contact)
    floor.pauses(ANN)


def test_a_quarter_hour_is_kept_by_those_who_entered_in_it_and_judged_when_it_is_over() -> None:
    floor = Floor()
    for place, after_s in enumerate((10.0, 60.0, 20.0, 59.0)):
        talks(floor, f"c{place}", after_s=after_s, place=place)
    assert day(floor) == QueueDay(now=Share(4, 4), answered=4)
    talks(floor, "c4", after_s=60.5, place=4)
    assert day(floor).now == Share(4, 5)
    assert day(floor).quarters == Share(0, 0)
    floor.wait(900.0)
    assert day(floor) == QueueDay(quarters=Share(1, 1), answered=5)
    assert day(floor, share=0.81).quarters == Share(0, 1)


def test_who_still_waits_is_late_after_the_target_and_unknown_before() -> None:
    floor = Floor()
    floor.calls("a", number=number(1))
    floor.wait(60.0)
    assert day(floor).now == Share(0, 0)
    floor.wait(0.5)
    assert day(floor).now == Share(0, 1)
    floor.wait(720.0)  # 1780: another calls just before the quarter hour ends
    floor.calls("b", number=number(2))
    floor.wait(25.0)
    assert day(floor).quarters == Share(0, 0), "of b it is not known yet"
    floor.wait(60.0)
    assert day(floor).quarters == Share(0, 1)


def test_short_abandons_are_apart_and_others_count_against_the_target() -> None:
    floor = Floor()
    for place, waits_s in enumerate((4.9, 5.0, 200.0)):
        floor.calls(f"c{place}", number=number(place))
        floor.wait(waits_s)
        floor.hangs_up(f"c{place}")
    assert day(floor) == QueueDay(now=Share(0, 2), abandoned=2, short=1)


def test_the_wait_for_a_callback_runs_on_until_the_customer_is_there() -> None:
    floor = Floor(OFFERING)
    floor.calls("a", number=number(1))
    floor.presses("1", "a")
    floor.wait(50.0)
    assert floor.contact("a").is_callback
    floor.comes(ANN)
    floor.answers(ANN, "a")
    assert floor.asked(Dial)
    floor.wait(11.0)
    assert day(floor).answered == 0
    floor.take(DialAnswered(floor.at, "a"))
    assert day(floor) == QueueDay(now=Share(0, 1), answered=1)


def test_who_calls_again_takes_their_place_and_counts_once() -> None:
    floor = Floor(OFFERING)
    floor.calls("a", number=number(1))
    floor.presses("1", "a")
    floor.wait(50.0)
    floor.calls("b", number=number(1))
    floor.wait(15.0)
    floor.comes(ANN)
    floor.answers(ANN, "b")
    assert day(floor) == QueueDay(now=Share(0, 1), answered=1)


def test_a_contact_that_is_passed_on_counts_once_where_it_entered_and_is_work_where_it_went() -> None:
    floor = Floor(CARE, TECH, members=BOTH)
    floor.comes(ANN)
    floor.calls("a", number=number(1))
    floor.answers(ANN, "a")
    floor.wait(100.0)
    floor.take(TransferAsked(floor.at, "a", ANN, "the modem", queue="tech"))
    floor.wait(70.0)
    floor.hangs_up("a")
    assert day(floor) == QueueDay(now=Share(1, 1), answered=1)
    assert day(floor, "tech") == QueueDay()
    paces = folded(floor).paces
    assert (list(paces["care"].lengths_s), len(paces["tech"].arrivals)) == ([100.0], 1)


def test_a_warm_transfer_is_no_new_contact_and_both_have_worked() -> None:
    floor = Floor(CARE, TECH, members=BOTH)
    floor.comes(ANN, BOB)
    floor.calls("a", number=number(1))
    floor.answers(ANN, "a")
    floor.wait(100.0)
    floor.take(ConsultAsked(floor.at, "a", ANN, "leg", "the modem", queue="tech"))
    floor.answers(BOB, "leg")
    floor.wait(20.0)
    floor.take(TransferDone(floor.at, "a", ANN))
    floor.wait(30.0)
    floor.take(Finished(floor.at, "a", BOB))
    assert day(floor) == QueueDay(now=Share(1, 1), answered=1)
    assert day(floor, "tech") == QueueDay()
    assert list(folded(floor).paces["care"].lengths_s) == [120.0, 50.0]


def test_a_line_that_broke_in_a_talk_is_answered_once() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("a", number=number(1))
    floor.answers(ANN, "a")
    floor.take(LineLost(floor.at, "a"))
    floor.wait(2000.0)
    assert day(floor) == QueueDay(quarters=Share(1, 1), answered=1)


def test_lengths_hold_the_wrap_up_and_waits_teach_how_long_people_bear_it() -> None:
    floor = Floor(replace(CARE, wrap_s=60.0))
    floor.comes(ANN)
    floor.calls("a", number=number(1))
    floor.answers(ANN, "a")
    floor.wait(100.0)
    floor.take(Finished(floor.at, "a", ANN))
    floor.wait(25.0)
    floor.take(WrappedUp(floor.at, ANN))
    floor.pauses(ANN)
    floor.calls("b", number=number(2))
    floor.wait(40.0)
    floor.hangs_up("b")
    pace = folded(floor).paces["care"]
    assert (list(pace.lengths_s), pace.left, pace.waited_s) == ([125.0], 1, 40.0)


def test_what_was_before_the_day_is_not_counted_in_it() -> None:
    floor = Floor()
    talks(floor, "a", after_s=10.0)
    floor.wait(900.0)
    talks(floor, "b", after_s=10.0, place=2)
    assert day(floor, since=1800.0) == QueueDay(now=Share(1, 1), answered=1)


def test_told_waits_of_who_still_waits_are_cut_off_now() -> None:
    floor = Floor()
    talks(floor, "first", after_s=0.0, for_s=30.0)
    floor.comes(ANN)
    floor.calls("x", number=number(1))
    floor.answers(ANN, "x")
    floor.calls("a", number=number(2))
    floor.wait(900.0)
    told = folded(floor).told_waits("care", since=START, now=floor.at)
    assert told.told >= 1
    assert math.isnan(told.kept) or told.kept < 1.0


def test_told_waits_of_before_the_day_are_another_day_s() -> None:
    floor = Floor()
    floor.comes(ANN)
    floor.calls("x", number=number(1))
    floor.answers(ANN, "x")
    floor.calls("a", number=number(2))
    floor.wait(100.0)
    floor.hangs_up("a")
    told = [folded(floor).told_waits("care", since=since, now=floor.at).told for since in (START, floor.at)]
    assert told == [len([1 for event in floor.events if isinstance(event, WaitTold)]), 0]


def test_an_agreed_callback_enters_when_its_time_has_come() -> None:
    floor = Floor()
    floor.take(CallbackPromised(floor.at, "a", queue="care", number=number(1), due_at=2000.0))
    floor.wait(800.0)  # 1800: the quarter hour in which it was agreed on is over, and had nobody
    assert day(floor).quarters == Share(0, 0)
    floor.wait(230.0)
    floor.comes(ANN)
    floor.answers(ANN, "a")
    floor.take(DialAnswered(floor.at, "a"))
    assert day(floor) == QueueDay(now=Share(1, 1), answered=1)


def test_the_time_until_a_callback_is_tried_again_is_no_length_of_a_contact() -> None:
    floor = Floor(OFFERING)
    floor.calls("a", number=number(1))
    floor.presses("1", "a")
    floor.comes(ANN)
    floor.answers(ANN, "a")
    floor.take(DialFailed(floor.at, "a"))
    floor.wait(500.0)
    floor.take(CallbackWithdrawn(floor.at, "a"))
    assert "a" not in floor.board.contacts
    assert "care" not in folded(floor).paces or not sum(folded(floor).paces["care"].lengths_s)
    assert day(floor) == QueueDay(), "it is wanted no more, and counts nowhere"


def test_who_is_called_back_in_vain_was_not_answered() -> None:
    floor = Floor(OFFERING, dialling=Dialling(beginnings=("+1",), tries=2, retry_s=600.0))
    floor.calls("a", number=number(1))
    floor.presses("1", "a")
    floor.comes(ANN)
    for _ in range(2):
        floor.answers(ANN, "a")
        floor.take(DialFailed(floor.at, "a"))
        floor.wait(605.0)
    assert "a" not in floor.board.contacts
    assert day(floor) == QueueDay(quarters=Share(0, 1))


def test_the_accounts_of_a_simulated_day_are_the_engine_s() -> None:
    """A day of a provider with people who hang up, through the engine: the fold's sums are its tallies."""
    scenario = provider(people=24, days=1, contacts_a_day=900.0)
    contacts = simulate(scenario, replications=1, seed=3, workers=1, record=True).contacts
    assert contacts is not None
    engine = Engine()
    events: list[Event] = []

    def take(fact: Fact) -> Result:
        result = engine.take(fact)
        events.extend(result.events)
        return result

    Day(scenario, contacts, engine).play(take)
    fold = DayFold(dict.fromkeys(engine.board.tallies, 60.0))
    for event in events:
        fold.take(event)
    entered = 0
    for code, tally in engine.board.tallies.items():
        seen = fold.queue_day(code, since=0.0, now=engine.board.now, target_share=0.8)
        assert (seen.answered, seen.abandoned + seen.short) == (tally.answered, tally.abandoned)
        entered += tally.entered
    assert entered > 500
    assert len({encode(event)[0] for event in events}) > 5
