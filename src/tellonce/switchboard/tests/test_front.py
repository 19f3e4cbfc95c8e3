"""Before the queue: a menu of one level, known outages, closing hours. Silence is a person."""

from dataclasses import replace

import pytest

from tellonce.switchboard.commands import (
    HangUp,
    Refusal,
    Refuse,
    Ring,
    SayCallback,
    SayChoice,
    SayGoodbye,
    SayNews,
    SendNews,
)
from tellonce.switchboard.contacts import Stage
from tellonce.switchboard.deciding.front import SAID_WITHIN_S
from tellonce.switchboard.decisions import Choice, Ended, Entered, NewsDue, NewsOwed, Outcome
from tellonce.switchboard.engine import Engine, rebuild
from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.facts import (
    NOBODY,
    ChoiceSaid,
    Configured,
    OutageBegan,
    OutageEnded,
    QueueClosed,
    QueueOpened,
    TimePassed,
)
from tellonce.switchboard.folding.contacts import heard
from tellonce.switchboard.freezing import freeze, thaw
from tellonce.switchboard.settings import Channel, Entry, Member, Queue
from tellonce.switchboard.tests.making import ANN, CARE, NUMBER, Floor
from tellonce.switchboard.timers import Timer

TECH = Queue("tech", "tech")
LINE = "+12025550000"
OTHER = "+12025550177"
MENU = Entry(LINE, "care", {"1": "care", "2": "tech"})


def front(*entries: Entry) -> Floor:
    return Floor(CARE, TECH, members=(Member(ANN, {"care": 1, "tech": 1}),), entries=entries or (MENU,))


@pytest.mark.parametrize(("key", "queue"), [("2", "tech"), ("1", "care"), ("0", "care"), ("9", "care"), ("#", "care")])
def test_a_key_of_the_menu_leads_to_its_queue_and_any_other_to_a_person(key: str, queue: str) -> None:
    floor = front()
    assert floor.calls("a", entry=LINE, queue="") == (SayChoice("a", Choice.MENU, LINE),)
    floor.presses(key, "a")
    assert floor.last(Entered).queue == queue


def test_silence_is_a_person() -> None:
    floor = front()
    floor.comes(ANN)
    floor.calls("a", entry=LINE, queue="")
    floor.hears("a")
    assert floor.wait(7.9) == ()
    assert floor.wait(0.1) == (Ring("a", ANN),)
    assert floor.last(Entered).queue == "care"


def test_the_time_for_a_choice_begins_when_it_has_been_said() -> None:
    floor = front()
    floor.comes(ANN)
    floor.calls("a", entry=LINE, queue="")
    assert floor.wait(30.0) == ()
    floor.hears("a")
    assert floor.wait(7.9) == ()
    floor.presses("2", "a")
    assert floor.last(Entered).queue == "tech"


def test_what_was_said_of_an_earlier_choice_begins_no_time() -> None:
    floor = front()
    floor.take(OutageBegan(floor.at, "o1", "north"))
    floor.calls("a", entry=LINE, queue="", area="north")
    floor.presses("0", "a")
    assert floor.take(ChoiceSaid(floor.at, "a", heard(Choice.OUTAGE, "o1"))) == ()
    floor.wait(20.0)
    assert (floor.contact("a").choice, floor.contact("a").queue) == (Choice.MENU, "")
    floor.hears("a")
    floor.presses("2", "a")
    assert floor.take(ChoiceSaid(floor.at, "a", heard(Choice.MENU, LINE))) == ()
    assert floor.take(ChoiceSaid(floor.at, "gone", heard(Choice.MENU, LINE))) == ()


def test_nobody_is_stuck_where_nothing_tells_that_the_choice_was_said() -> None:
    floor = front()
    floor.comes(ANN)
    floor.calls("a", entry=LINE, queue="")
    floor.wait(30.0)
    after_a_kill = Engine(thaw(freeze(rebuild(floor.events).board)))
    assert after_a_kill.next_due == 1_000.0 + SAID_WITHIN_S + floor.board.settings.choice_s
    assert Ring("a", ANN) in after_a_kill.take(TimePassed(after_a_kill.next_due)).commands


@pytest.mark.parametrize("key", ["", "1", "0"])
def test_a_queue_that_is_retired_while_its_closing_is_heard_loses_nobody(key: str) -> None:
    floor = front()
    floor.comes(ANN)
    floor.take(QueueClosed(floor.at, "tech", 5_000.0))
    floor.calls("a", queue="tech")
    floor.hears("a")
    floor.take(Configured(floor.at, replace(floor.board.settings, queues=(CARE,), entries=())))
    if key:
        floor.presses(key, "a")
    floor.wait(8.0)
    assert (floor.contact("a").queue, floor.ringing(ANN)) == ("care", "a")


def test_who_hangs_up_in_the_menu_has_entered_no_queue() -> None:
    floor = front()
    floor.calls("a", entry=LINE, queue="")
    floor.hangs_up("a")
    assert floor.last(Ended).outcome is Outcome.LEFT_MENU
    assert floor.accounts()["entered"] == 0


def test_a_menu_may_not_take_the_key_for_a_person() -> None:
    with pytest.raises(SettingsError, match="must leave 0 to a person"):
        front(Entry(LINE, "care", {"0": "tech"}))


def test_a_number_that_leads_nowhere_loses_nobody() -> None:
    floor = front()
    floor.calls("a", entry="+12025559999", queue="")
    assert floor.last(Entered).queue == "care"


def test_a_known_outage_is_said_with_its_end_and_who_wants_hears_when_it_is_fixed() -> None:
    floor = front()
    floor.take(OutageBegan(floor.at, "o1", "north", 9_000.0))
    assert floor.calls("a", entry=LINE, queue="", area="north") == (SayChoice("a", Choice.OUTAGE, "o1", 9_000.0),)
    assert floor.presses("1", "a") == (SayNews("a"), HangUp("a"))
    assert floor.last(Ended).outcome is Outcome.INFORMED
    floor.take(OutageBegan(floor.at, "o1", "north", 9_900.0))
    assert floor.take(OutageEnded(floor.at, "o1")) == (SendNews("o1", "a", NUMBER, 0),)
    assert [event.contact for event in floor.events if isinstance(event, NewsOwed)] == ["a"]
    assert floor.last(NewsDue).people == 1
    assert floor.take(OutageEnded(floor.at, "o1")) == ()


@pytest.mark.parametrize("key", ["", "0"])
def test_who_does_not_want_news_goes_on_to_a_person_and_hears_of_it_once(key: str) -> None:
    floor = front(Entry(LINE, "care"))
    floor.take(OutageBegan(floor.at, "o1", "north"))
    floor.calls("a", entry=LINE, queue="", area="north")
    floor.hears("a")
    if key:
        floor.presses(key, "a")
    floor.wait(10.0)
    assert floor.contact("a").queue == "care"


def test_who_cannot_be_told_is_not_promised_to_be() -> None:
    floor = front(Entry(LINE, "care"))
    floor.take(OutageBegan(floor.at, "o1", "north"))
    floor.calls("a", entry=LINE, queue="", area="north", number="")
    assert floor.presses("1", "a")[0] == Refuse("a", -1, Refusal.NO_NUMBER)
    assert floor.contact("a").queue == "care"


def test_callers_of_other_areas_hear_of_no_outage() -> None:
    floor = front(Entry(LINE, "care"))
    floor.take(OutageBegan(floor.at, "o1", "north"))
    floor.calls("a", entry=LINE, queue="", area="south")
    assert floor.contact("a").queue == "care"


def test_an_outage_that_ends_while_it_is_said_is_no_more_offered() -> None:
    floor = front(Entry(LINE, "care"))
    floor.take(OutageBegan(floor.at, "o1", "north"))
    floor.calls("a", entry=LINE, queue="", area="north")
    floor.take(OutageEnded(floor.at, "o1"))
    floor.presses("1", "a")
    assert floor.contact("a").queue == "care"


def test_a_closed_queue_says_when_it_opens_and_offers_to_call_then() -> None:
    floor = front()
    floor.take(QueueClosed(floor.at, "care", 5_000.0))
    assert floor.calls("a") == (SayChoice("a", Choice.CLOSED, "care", 5_000.0),)
    assert floor.presses("1", "a") == (SayCallback("a", 5_000.0), HangUp("a"))
    floor.comes(ANN)
    assert floor.ringing(ANN) == ""
    floor.take(QueueOpened(5_000.0, "care"))
    floor.wait(4_000.0)
    assert floor.ringing(ANN) == "a"
    assert floor.contact("a").entered == 5_000.0


def test_where_no_opening_is_known_none_is_said_and_the_call_is_made_when_it_opens() -> None:
    floor = front()
    floor.comes(ANN)
    floor.take(QueueClosed(floor.at, "care", 0.0))
    assert floor.calls("a") == (SayChoice("a", Choice.CLOSED, "care", 0.0),)
    assert floor.presses("1", "a") == (SayCallback("a", 0.0), HangUp("a"))
    floor.wait(3_600.0)
    assert (floor.contact("a").stage, floor.ringing(ANN)) == (Stage.SCHEDULED, "")
    floor.take(QueueOpened(floor.at, "care"))
    assert floor.ringing(ANN) == "a"


def test_an_opening_that_becomes_known_is_when_we_call() -> None:
    floor = front()
    floor.comes(ANN)
    floor.take(QueueClosed(floor.at, "care", 0.0))
    for name, number in (("a", NUMBER), ("b", "+12025550188")):
        floor.calls(name, number=number)
        floor.presses("1", name)
    floor.take(QueueClosed(floor.at, "care", 9_000.0))
    assert {floor.board.timers.due_at(Timer.CALLBACK, name) for name in "ab"} == {9_000.0}
    floor.take(QueueOpened(8_000.0, "care"))  # sooner than was known
    assert floor.ringing(ANN) == "a"
    assert {floor.contact(name).entered for name in "ab"} == {8_000.0}
    assert floor.contact("b").stage is Stage.WAITING


def test_who_wants_no_callback_when_it_is_closed_is_let_go_and_has_not_entered() -> None:
    floor = front()
    floor.take(QueueClosed(floor.at, "care", 5_000.0))
    floor.calls("a")
    floor.hears("a")
    assert floor.wait(8.0) == (SayGoodbye("a"), HangUp("a"))
    assert floor.last(Ended).outcome is Outcome.CLOSED
    assert floor.accounts()["entered"] == 0


def test_who_waits_at_closing_time_is_still_answered_and_a_mail_waits_until_opening() -> None:
    floor = front()
    floor.calls("a")
    floor.take(QueueClosed(floor.at, "care", 5_000.0))
    floor.calls("m", channel=Channel.MAIL)
    floor.comes(ANN)
    assert floor.ringing(ANN) == "a"
    assert floor.accounts()["entered"] == 2


@pytest.mark.parametrize(("number", "why"), [("", Refusal.NO_NUMBER), ("+4930123456", Refusal.NOT_ALLOWED_NUMBER)])
def test_who_could_not_be_told_is_not_promised_news(number: str, why: Refusal) -> None:
    floor = front()
    floor.take(OutageBegan(floor.at, "o1", "north", 9_000.0))
    floor.calls("a", entry=LINE, queue="", area="north", number=number)
    commands = floor.presses("1", "a")
    assert commands[0] == Refuse("a", NOBODY, why)
    assert commands[1] == SayChoice("a", Choice.MENU, LINE)
    assert floor.take(OutageEnded(floor.at, "o1")) == ()
    floor.take(OutageBegan(floor.at, "o1", "north", 9_000.0))
    floor.calls("b", entry=LINE, queue="", area="north", number=number, customer=7)  # is written to
    assert floor.presses("1", "b") == (SayNews("b"), HangUp("b"))


def test_who_called_twice_in_an_outage_hears_once() -> None:
    floor = front()  # "c" calls from the number of "a", as somebody of whom nothing was known
    floor.take(OutageBegan(floor.at, "o1", "north", 9_000.0))
    for name, number, customer in (
        ("a", NUMBER, 7),
        ("b", "+12025550188", 7),
        ("c", NUMBER, 0),
        ("d", OTHER, 0),
        ("e", OTHER, 0),
    ):
        floor.calls(name, entry=LINE, queue="", area="north", number=number, customer=customer)
        floor.presses("1", name)
    floor.take(OutageEnded(floor.at, "o1"))
    assert [event.contact for event in floor.events if isinstance(event, NewsOwed)] == ["a", "d"]
