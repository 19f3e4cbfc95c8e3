"""The rules of routing: what each is worth in seconds of waiting, and the sentence that a page shows for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

LONGEST_WAIT, PRIORITY, PROMISE, EFFORT, CONTINUITY, SKILL, SHARES, RESERVE = (
    "longest_wait", "priority", "promise", "effort", "continuity", "skill", "shares", "reserve",
)  # fmt: skip

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        LONGEST_WAIT: "Whoever has waited longest comes first, and whoever has been free longest gets the contact.",
        PRIORITY: "Each step of priority counts like a longer wait.",
        PROMISE: "Who has waited past the wait they were told comes before those who have not.",
        EFFORT: "Each time a customer had to call again or was passed on counts like a longer wait.",
        CONTINUITY: "Whoever had the matter last gets it again, if that was not long ago.",
        SKILL: "The more skilled for a matter come first, and those who can do many other things are kept for those.",
        SHARES: "A site or partner that is behind its agreed share comes first.",
        RESERVE: "Some free people are kept for matters of higher priority, so that a short spike need not wait.",
    }
)


@dataclass(frozen=True, slots=True)
class Rules:
    """Weights of the rules; all in seconds of waiting unless said otherwise, all at least 0.

    Attributes:
        priority_s: head start for each step of a stream's priority; 1e7 makes priority strict.
        promise_s: head start once the told wait is over.
        effort_s: head start for each effort already caused (redial, repeat, transfer), counted up to two.
        continuity_s: head start of a contact with the person who had the matter last, and of that person for it.
        continuity_within_s: how long after the last talk that counts.
        level_s: for each level that a person has above the least that is asked.
        breadth_s: taken off for each other skill of a person.
        shares_s: for a whole share of lag behind what is agreed (half of it for lagging 0.5 behind).
        shares: (site or partner, share of all contacts that it should get), shares from 0 to 1.
        reserve: (skill, number of free people who have it that contacts of lower priority leave free).
    """

    priority_s: float = 1e7
    promise_s: float = 0.0
    effort_s: float = 60.0
    continuity_s: float = 120.0
    continuity_within_s: float = 7 * 86_400.0
    level_s: float = 0.0
    breadth_s: float = 30.0
    shares_s: float = 600.0
    shares: Mapping[str, float] = field(default_factory=dict)
    reserve: Mapping[str, int] = field(default_factory=dict)


def concerning(rules: Rules, *, places: Collection[str], skills: Collection[str]) -> Rules:
    """The rules without shares of places (sites, partners) and reserves of skills that are not among these.

    A plan refuses what concerns nobody; rules that are kept outlive people who come and go.
    """
    return replace(
        rules,
        shares={name: share for name, share in rules.shares.items() if name in places},
        reserve={skill: free for skill, free in rules.reserve.items() if skill in skills},
    )
