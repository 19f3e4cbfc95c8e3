"""Phones without sockets, and time that is moved by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tellonce.switchboard.drivers.embedded.call import Around
from tellonce.switchboard.drivers.embedded.calls import Calls
from tellonce.switchboard.drivers.embedded.phones import Leg, Side
from tellonce.switchboard.drivers.embedded.tape import Tape
from tellonce.switchboard.drivers.told import Called, Told

ANN, BOB, NOBODY = 1, 2, 9
NUMBER = "+12025550123"


@dataclass(eq=False)
class FakeLeg:
    """A phone that notes what is done with it."""

    name: str
    codec: int = 0
    side: Side | None = None
    heard_by: Leg | None = None
    plays: str = ""
    is_endless: bool = False
    is_up: bool = False
    is_over: bool = False
    keeps: list[str] = field(default_factory=list)

    def answer(self) -> None:
        self.is_up = True

    def end(self) -> None:
        self.is_over = True

    def speak_to(self, other: Leg | None) -> None:
        self.heard_by = other

    def stop_speaking_to(self, other: Leg) -> None:
        if self.heard_by is other:
            self.heard_by = None

    def play(self, path: str, *, is_endless: bool) -> None:
        self.plays, self.is_endless = path, is_endless

    def stop_playing(self) -> None:
        self.plays = ""

    def record(self, name: str) -> None:
        self.keeps.append(name)


class Floor:
    """Calls between fake phones."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.tapes: list[Tape] = []
        self.legs: dict[str, FakeLeg] = {}
        self.rung_with: list[tuple[int, int, str, str]] = []
        self.asked_to_pick_up: list[bool] = []
        self.dialled: list[str] = []
        self.is_away = False
        self.now = 0.0
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.up: list[str] = []
        around = Around(self.told.append, self._taped, begun=self.up.append, over=self.up.remove)
        self.calls = Calls(self, around, self._later, "music")

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        self._due.append((self.now + seconds, act))

    @property
    def codec_out(self) -> int:
        return 8

    def _taped(self, tape: Tape, *, is_over: bool) -> None:
        if is_over:
            self.tapes.append(tape)

    def passes(self, seconds: float) -> None:
        end = self.now + seconds
        while due := sorted((each for each in self._due if each[0] <= end), key=lambda each: each[0]):
            self.now, act = due[0]
            self._due.remove(due[0])
            act()
        self.now = end

    def ring(
        self, person: int, side: Side, *, codec: int, number: str, name: str, picks_up: bool = False
    ) -> FakeLeg | None:
        if person == NOBODY or self.is_away:
            return None
        self.rung_with.append((person, codec, number, name))
        self.asked_to_pick_up.append(picks_up)
        leg = self.legs[str(person)] = FakeLeg(str(person), codec, side)
        return leg

    def dial(self, number: str, side: Side) -> FakeLeg | None:
        if not number.startswith("+"):
            return None
        self.dialled.append(number)
        leg = self.legs["customer"] = FakeLeg("customer", self.codec_out, side)
        return leg

    def comes(self, call: str = "call", codec: int = 0) -> FakeLeg:
        leg = FakeLeg("customer", codec)
        leg.side = self.calls.came(call, leg, entry="care", number=NUMBER, name="")
        assert self.told[-1] == Called(call, "care", NUMBER)
        return leg

    def picks_up(self, person: int, call: str = "call") -> FakeLeg:
        self.calls.ring(call, person, number=NUMBER, name="Jane")
        leg = self.legs[str(person)]
        assert leg.side is not None
        leg.side.answered()
        return leg

    def talks(self, person: int = ANN) -> tuple[FakeLeg, FakeLeg]:
        """A customer who talks to a person."""
        customer = self.comes()
        self.calls.answer("call")
        ann = self.picks_up(person)
        self.calls.connect("call", person)
        return customer, ann

    def asks(self) -> tuple[FakeLeg, FakeLeg, FakeLeg]:
        """Ann, who has a customer on hold, asks Bob."""
        customer, ann = self.talks()
        self.calls.hold("call")
        self.calls.consult("leg", of="call", person=ANN)
        bob = self.picks_up(BOB, "leg")
        self.calls.connect("leg", BOB)
        return customer, ann, bob

    def last(self) -> Told:
        return self.told[-1]


def hear_each_other(one: FakeLeg, another: FakeLeg) -> bool:
    return one.heard_by is another and another.heard_by is one
