"""Why a contact or a person was chosen: what each rule was worth, and which of them decided."""

from collections.abc import Mapping, Sequence

from tellonce.lab.routing.plans import Group, Line
from tellonce.lab.routing.rules import CONTINUITY, EFFORT, LONGEST_WAIT, PRIORITY, PROMISE, SHARES, SKILL, Rules

Worth = Mapping[str, float]


def contact_worth_by_rule(
    line: Line, group: Group, rules: Rules, *, waited_s: float, is_overdue: bool = False, is_own: bool = False,
    share_lag: float = 0.0,
) -> Worth:  # fmt: skip
    """Seconds by rule that it is worth that somebody of the group takes a contact of the line.

    `is_own`: that person had the matter last, near enough; `share_lag`: of the group's site or partner.
    """
    return {
        LONGEST_WAIT: waited_s,
        PRIORITY: line.priority * rules.priority_s,
        EFFORT: line.efforts * rules.effort_s,
        PROMISE: rules.promise_s if is_overdue else 0.0,
        **_worth_of_group(line, group, rules, is_own=is_own, share_lag=share_lag),
    }


def person_worth_by_rule(
    line: Line, group: Group, rules: Rules, *, free_s: float, is_own: bool = False, share_lag: float = 0.0
) -> Worth:
    """Seconds by rule that it is worth that a person of the group, free for so long, takes a contact of the line."""
    return {LONGEST_WAIT: free_s, **_worth_of_group(line, group, rules, is_own=is_own, share_lag=share_lag)}


def _worth_of_group(line: Line, group: Group, rules: Rules, *, is_own: bool, share_lag: float) -> Worth:
    above = group.skills.get(line.skill, 0) - line.level
    return {
        CONTINUITY: rules.continuity_s if is_own else 0.0,
        SKILL: above * rules.level_s - (len(group.skills) - 1) * rules.breadth_s,
        SHARES: rules.shares_s * share_lag,
    }


def deciding_rule(chosen: Worth, others: Sequence[Worth]) -> str:
    """The rule by which the chosen was furthest ahead of the best of the others; the longest wait without others."""
    if not others:
        return LONGEST_WAIT
    second = max(others, key=lambda worth: sum(worth.values()))
    return max(chosen, key=lambda rule: chosen[rule] - second[rule])
