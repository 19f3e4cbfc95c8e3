"""Whether a decision is still open."""

from django.utils.translation import gettext

from tellonce.modules.planning.contracts.decisions import DecisionSettledError, DecisionState
from tellonce.modules.planning.models import Decision
from tellonce.webkit import times


def refuse_settled(found: Decision) -> None:
    """DecisionSettledError where somebody took or dropped it: who, what and when."""
    if found.settled_at is None:
        return
    told = {"name": found.settled_by_name, "policy": found.taken_policy, "time": times.clock(found.settled_at)}
    if found.state == DecisionState.TAKEN:
        raise DecisionSettledError(gettext("%(name)s took “%(policy)s” at %(time)s.") % told)
    raise DecisionSettledError(gettext("%(name)s dropped this decision at %(time)s.") % told)
