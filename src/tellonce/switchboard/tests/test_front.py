"""Before the queue: a menu of one level, known outages, closing hours. Silence is a person."""

import pytest

from tellonce.switchboard.commands import HangUp, Refusal, Refuse, Ring, SayCallback, SayChoice, SayNews, SendNews
from tellonce.switchboard.decisions import Choice, Ended, Entered, NewsDue, Outcome
from tellonce.switchboard.errors import SettingsError
from tellonce.switchboard.facts import OutageBegan, OutageEnded, QueueClosed, QueueOpened
from tellonce.switchboard.settings import Channel, Entry, Member, Queue
from tellonce.switchboard.tests.making import ANN, CARE, NUMBER, Floor

TECH = Queue("tech", "tech")
LINE = "+12025550000"
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
    assert floor.wait(7.9) == ()
    assert floor.wait(0.1) == (Ring("a", ANN),)
    assert floor.last(Entered).queue == "care"


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
    assert floor.last(NewsDue).people == 1
    assert floor.take(OutageEnded(floor.at, "o1")) == ()


@pytest.mark.parametrize("key", ["", "0"])
def test_who_does_not_want_news_goes_on_to_a_person_and_hears_of_it_once(key: str) -> None:
    floor = front(Entry(LINE, "care"))
    floor.take(OutageBegan(floor.at, "o1", "north"))
    floor.calls("a", entry=LINE, queue="", area="north")
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


def test_who_wants_no_callback_when_it_is_closed_is_let_go_and_has_not_entered() -> None:
    floor = front()
    floor.take(QueueClosed(floor.at, "care", 5_000.0))
    floor.calls("a")
    assert floor.wait(8.0) == (HangUp("a"),)
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
