"""What we believe of calls: who takes part, on which channel of Asterisk, and who hears what."""

from dataclasses import dataclass, field

from tellonce.switchboard.drivers.asterisk.orders import Orders
from tellonce.switchboard.drivers.asterisk.recording import Recording


@dataclass(slots=True, eq=False)
class Side:
    """The customer's side of a call (of a consult: the one who asks).

    Attributes:
        is_made: whether Asterisk has the channel; we may have to wait before we can ask for it.
        unsaid: prompts that are said or wait to be; their ids as playbacks. `begun` of them are known to Asterisk.
        notices: those of `unsaid` that must be heard before anybody is connected; those of `last` only once they have
            begun.
        is_leaving: hung up by us, once all is said.
        to_tell: what was said once a playback is over.
        status: how far dialling came, as Asterisk calls it.
    """

    channel: str
    call: "Call"
    is_made: bool = False
    is_up: bool = False
    is_dialled: bool = False
    has_music: bool = False
    is_leaving: bool = False
    unsaid: list[str] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)
    last: set[str] = field(default_factory=set)
    cause: int = 0
    status: str = ""
    to_tell: dict[str, list[str]] = field(default_factory=dict)

    @property
    def must_hear(self) -> bool:
        """Whether something is said that nobody may cut off by being connected."""
        return bool(self.notices) or bool(self.unsaid and self.unsaid[0] in self.last)


@dataclass(slots=True, eq=False)
class Leg:
    """A person's phone in a call."""

    person: int
    channel: str
    call: "Call"
    is_made: bool = False
    is_up: bool = False
    is_connected: bool = False
    cause: int = 0
    status: str = ""


@dataclass(slots=True, eq=False)
class Call:
    """A call; a consult shares the `orders` of the call it is about, so that both change in one order.

    Attributes:
        side: of the customer; None before they are dialled, and once they are gone.
        asker: of a consult: the phone of the person who asks.
        bridge: where customer and persons hear each other, "" if nowhere; `made_bridge` is the one that Asterisk has.
        inside: channels that are in the bridge.
        is_private: what is said is not kept.
    """

    id: str
    orders: Orders
    side: Side | None = None
    legs: dict[int, Leg] = field(default_factory=dict)
    asker: Leg | None = None
    is_over: bool = False
    is_held: bool = False
    bridge: str = ""
    made_bridge: str = ""
    inside: set[str] = field(default_factory=set)
    recording: Recording | None = None
    is_private: bool = False

    @property
    def connected(self) -> list[Leg]:
        """Phones of those who talk, or hold, in this call."""
        return [leg for leg in self.legs.values() if leg.is_connected]

    @property
    def waits(self) -> bool:
        """Whether the customer is to hear music."""
        return self.is_held or not self.connected


@dataclass(slots=True, eq=False)
class Ear:
    """A supervisor who listens in: their phone, and a channel that hears (and whispers to) the person."""

    supervisor: int
    leg: Leg
    channel: str
    snoop: str
    bridge: str
    whispers: bool


class Book:
    """All calls, by their id and by the channels that take part; channels that are not in it are none of ours."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.channels: dict[str, Side | Leg | Ear] = {}

    def opened(self, call_id: str, orders: Orders) -> Call:
        """A new call."""
        call = self.calls[call_id] = Call(call_id, orders)
        return call

    def leg_of(self, call: Call, person: int) -> Leg | None:
        """The person's phone in this call, or taken over from another of the same conversation."""
        if person in call.legs:
            return call.legs[person]
        for other in self.calls.values():
            if other.orders is call.orders and person in other.legs:
                leg = self.take(other, person)
                leg.call, call.legs[person] = call, leg
                other.inside.discard(leg.channel)
                return leg
        return None

    def take(self, call: Call, person: int) -> Leg:
        """Takes the person's phone out of the call, and forgets the call if nobody is left in it."""
        leg = call.legs.pop(person)
        self.close_if_empty(call)
        return leg

    def close_if_empty(self, call: Call) -> None:
        """Forgets a call that nobody takes part in any more."""
        has_side = call.side is not None and not call.is_over
        if not has_side and not call.legs and self.calls.get(call.id) is call:
            del self.calls[call.id]

    def sides(self) -> list[Side]:
        """Every customer on a line."""
        return [each for each in self.channels.values() if isinstance(each, Side)]
