"""One call: the customer, the persons who are rung for it, and who hears whom."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tellonce.switchboard.drivers.embedded.phones import Leg
from tellonce.switchboard.drivers.embedded.speech import Speech
from tellonce.switchboard.drivers.embedded.tape import Tape, new_name
from tellonce.switchboard.drivers.told import (
    CustomerAnswered,
    CustomerNotReached,
    Gone,
    KeySent,
    LineBroke,
    PersonAnswered,
    PersonGone,
    PersonNotReached,
    Told,
    WhyNot,
)

Tell = Callable[[Told], None]


class Taped(Protocol):
    """Is told of a tape whenever a piece begins, and when it is over."""

    def __call__(self, tape: Tape, *, is_over: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Around:
    """Where calls tell what happens: `tell` is for the switchboard.

    Attributes:
        begun, over: are given the id of each call that is, and that is no more.
        left: is told whenever a phone has left a call.
    """

    tell: Tell
    taped: Taped
    begun: Callable[[str], None]
    over: Callable[[str], None]
    left: Callable[["Call"], None] = lambda _call: None


@dataclass(slots=True, eq=False)
class Seat:
    """A person's phone in a call, and the number and name that it shows."""

    call: "Call"
    person: int
    shown: tuple[str, str] = ("", "")
    leg: Leg | None = None
    is_up: bool = False

    def answered(self) -> None:
        self.is_up = True
        self.call.around.tell(PersonAnswered(self.call.id, self.person))

    def not_reached(self, why: WhyNot) -> None:
        self.call.around.tell(PersonNotReached(self.call.id, self.person, why))
        self.call.leave(self)

    def gone(self, *, is_lost: bool) -> None:
        self.call.around.tell(PersonGone(self.call.id, self.person, is_lost))
        self.call.leave(self)

    def pressed(self, key: str) -> None:
        """A person's keys reach the customer as they are; the switchboard asks nothing of them."""


@dataclass(slots=True, eq=False)
class Customer:
    """The customer's phone in a call."""

    call: "Call"
    leg: Leg | None = None
    is_up: bool = False

    def answered(self) -> None:
        self.call.customer_is_up()
        self.call.around.tell(CustomerAnswered(self.call.id))

    def not_reached(self, why: WhyNot) -> None:
        self.call.around.tell(CustomerNotReached(self.call.id, why))
        self.call.customer_left()

    def gone(self, *, is_lost: bool) -> None:
        self.call.around.tell(LineBroke(self.call.id) if is_lost else Gone(self.call.id))
        self.call.customer_left()

    def pressed(self, key: str) -> None:
        self.call.around.tell(KeySent(self.call.id, key))


@dataclass(slots=True, eq=False)
class Call:
    """A customer's, or a consult: then the person who asks stands in the customer's place.

    Attributes:
        about: of a consult, the customer's call; `asker` is the seat there.
        talking: whose phone is connected.
        is_left: the customer was there and is gone, or the consult is over. (A callback begins with the person.)
    """

    id: str
    around: Around
    customer: Customer | None = None
    speech: Speech | None = None
    about: "Call | None" = None
    asker: Seat | None = None
    seats: dict[int, Seat] = field(default_factory=dict)
    talking: Seat | None = None
    tape: Tape | None = None
    is_held: bool = False
    is_not_kept: bool = False
    is_left: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nobody is left."""
        return self.customer is None and self.asker is None and not self.seats

    @property
    def other(self) -> Leg | None:
        """Whom a connected person hears."""
        one = self.asker or self.customer
        return one.leg if one is not None else None

    @property
    def pair(self) -> tuple[Leg, Leg] | None:
        """The two who are to hear each other."""
        other, person = self.other, self.talking.leg if self.talking is not None else None
        return (other, person) if other is not None and person is not None else None

    def connect(self, seat: Seat) -> None:
        """This person and the customer hear each other."""
        if self.talking is not None and self.talking is not seat:
            self.part()
        if seat.call is not self:
            self._take_over(seat)
        self.talking = seat
        self.join()

    def _take_over(self, seat: Seat) -> None:
        before, seat.call = seat.call, self
        self.seats[seat.person] = seat
        before.leave(seat)

    def join(self) -> None:
        """Customer and person hear each other, once the customer has heard that the call is recorded."""
        self.is_held = False
        if self.speech is None:
            self._join()
        else:
            self.speech.after_notice(self._join)

    def _join(self) -> None:
        if self.pair is not None and not self.is_held:
            if self.speech is not None:
                self.speech.drop_waiting()
            one, another = self.pair
            one.speak_to(another)
            another.speak_to(one)
            self.music(False)
            self.keep()

    def part(self) -> None:
        """They hear each other no more."""
        if self.tape is not None:
            self.tape.stop()
        if self.pair is not None:
            one, another = self.pair
            one.stop_speaking_to(another)
            another.stop_speaking_to(one)

    def hold(self) -> None:
        """The customer hears music, the person nothing."""
        self.part()
        self.is_held = True
        self.music(True)

    def keep(self) -> None:
        """Records what customer and person say, unless it is not to be kept."""
        has_heard_notice = self.speech is None or not self.speech.has_notice
        is_wanted = has_heard_notice and not self.is_held and not self.is_not_kept
        if self.customer is not None and self.pair is not None and is_wanted:
            self.tape = self.tape or Tape(self.id, new_name(self.id))
            self.tape.run(*self.pair)
            self.around.taped(self.tape, is_over=False)

    def keep_nothing(self) -> None:
        """Until `keep`."""
        if self.tape is not None:
            self.tape.stop()

    def music(self, is_wanted: bool) -> None:
        if self.speech is not None:
            self.speech.music(is_wanted)

    def customer_is_up(self) -> None:
        """The customer hears us."""
        if self.customer is not None and self.speech is not None:
            self.customer.is_up = True
            self.speech.begin()

    def leave(self, seat: Seat) -> None:
        """A person's phone is no part of this call any more."""
        if self.talking is seat:
            self.part()
            self.talking = None
            self._close_tape()
            self.music(True)
        self.seats.pop(seat.person, None)
        self.around.left(self)

    def customer_left(self) -> None:
        """The customer's phone is gone."""
        self.part()
        self._close_tape()
        if self.speech is not None:
            self.speech.end()
        self.customer = self.speech = None
        self.is_left = True
        self.around.left(self)

    def asker_left(self) -> None:
        """A consult is over; whoever was asked stays up until taken over, or released."""
        self.part()
        self.talking = self.asker = None
        self.is_left = True
        self.around.left(self)

    def _close_tape(self) -> None:
        tape, self.tape = self.tape, None
        if tape is not None:
            self.around.taped(tape, is_over=True)
