"""What a policy changes. Hours are of the local clock (8.5 is half past eight), weekdays count from Monday, 0."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tellonce.lab.simulation.contracts import Scenario

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
MOST_PEOPLE = 5_000


@dataclass(frozen=True, slots=True)
class Base:
    """Where policies start: the scenario as it is, whose time 0 is a local midnight of `first_weekday`."""

    scenario: Scenario
    first_weekday: int

    @property
    def skills(self) -> tuple[str, ...]:
        """Those that somebody has, by name."""
        return tuple(sorted({skill for person in self.scenario.people for skill in person.skills}))

    @property
    def areas(self) -> tuple[str, ...]:
        """Those that contacts come from, by name."""
        return tuple(sorted({stream.area for stream in self.scenario.streams if stream.area}))

    @property
    def places(self) -> tuple[str, ...]:
        """Sites and partners with people, by name."""
        return tuple(
            sorted({name for person in self.scenario.people for name in (person.site, person.partner) if name})
        )


@dataclass(frozen=True, slots=True)
class PeopleChange:
    """`count` more people (fewer below 0) at the phones, with these skills (none: all), at this site ("": any)."""

    count: int
    from_h: float
    to_h: float
    weekdays: tuple[int, ...] = EVERY_DAY
    skills: tuple[str, ...] = ()
    site: str = ""
    kind: Literal["people"] = "people"


@dataclass(frozen=True, slots=True)
class HoursChange:
    """Open from `opens_h` to `closes_h` on these weekdays.

    Of the calls outside the hours a share `moved` comes while it is open on the same day, the others stay away. In
    hours that are new a share `drawn` of the day's calls comes instead, and `people` more answer.
    """

    opens_h: float
    closes_h: float
    weekdays: tuple[int, ...] = EVERY_DAY
    moved: float = 0.8
    drawn: float = 0.0
    people: int = 0
    kind: Literal["hours"] = "hours"


@dataclass(frozen=True, slots=True)
class SkillsChange:
    """`count` more of the people learn a skill (fewer have it below 0): those first who are at work longest."""

    skill: str
    count: int
    kind: Literal["skills"] = "skills"


@dataclass(frozen=True, slots=True)
class PriorityChange:
    """Contacts that ask for a skill get a head start of so many seconds of waiting (behind the others below 0)."""

    skill: str
    head_start_s: float
    kind: Literal["priority"] = "priority"


@dataclass(frozen=True, slots=True)
class CallbacksChange:
    """Callbacks offered when the estimated wait is above `above_s`, or no longer (`is_on` False)."""

    is_on: bool = True
    above_s: float = 300.0
    accepted: float = 0.4
    unanswered: float = 0.15
    kind: Literal["callbacks"] = "callbacks"


@dataclass(frozen=True, slots=True)
class SiteAdded:
    """A site or a partner with so many people; `pace` is the factor on the lengths of their conversations."""

    name: str
    people: int
    from_h: float
    to_h: float
    weekdays: tuple[int, ...] = EVERY_DAY
    skills: tuple[str, ...] = ()
    is_partner: bool = False
    pace: float = 1.0
    kind: Literal["site_added"] = "site_added"


@dataclass(frozen=True, slots=True)
class SiteLost:
    """Nobody of this site or partner answers any more."""

    name: str
    kind: Literal["site_lost"] = "site_lost"


@dataclass(frozen=True, slots=True)
class MenuChange:
    """A menu or automation in front of contacts that ask for these skills (none: all)."""

    solved: float
    lost: float
    takes_s: float = 30.0
    skills: tuple[str, ...] = ()
    kind: Literal["menu"] = "menu"


@dataclass(frozen=True, slots=True)
class PressureChange:
    """Conversations `factor` times as long; of every contact a share `more_repeats` more comes again unsolved."""

    factor: float
    more_repeats: float = 0.0
    kind: Literal["pressure"] = "pressure"


@dataclass(frozen=True, slots=True)
class CallsChange:
    """`factor` times as many calls, as by a price change or an outage.

    About these matters (none: all) and from this area ("": all), for `days` days from day `from_day` (the first is 1),
    0 days for the whole period, between two hours.
    """

    factor: float
    skills: tuple[str, ...] = ()
    area: str = ""
    from_day: int = 1
    days: int = 0
    from_h: float = 0.0
    to_h: float = 24.0
    kind: Literal["calls"] = "calls"


Change = (
    PeopleChange | HoursChange | SkillsChange | PriorityChange | CallbacksChange | SiteAdded | SiteLost | MenuChange
    | PressureChange | CallsChange
)  # fmt: skip
Changes = Sequence[Change]
