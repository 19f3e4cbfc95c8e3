"""The rules of routing: set by an administrator, in force within seconds; rehearsals are played by the same."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext

from tellonce.lab.routing import Rules
from tellonce.modules.phone.contracts import BadQueueError
from tellonce.modules.phone.models import Queue, RoutingRules
from tellonce.modules.phone.models.rules import MOST_S, WEIGHTS
from tellonce.modules.phone.queries.rules import routing_rules
from tellonce.modules.staff.actions.changes import Json, note_change
from tellonce.modules.staff.contracts import Actor
from tellonce.modules.staff.queries import partners, sites

_MOST_KEPT: Final = 1_000


@transaction.atomic
def set_rules(*, rules: Rules, by: Actor, at: datetime) -> None:
    """These are the rules from now on. BadQueueError for a weight, share or reserve that cannot be."""
    _refuse_bad_weights(rules)
    _refuse_bad_shares(rules.shares)
    _refuse_bad_reserve(rules.reserve)
    before = routing_rules()
    if before == rules:
        return
    row = RoutingRules(pk=1, shares=dict(rules.shares), reserve=dict(rules.reserve))
    for name in WEIGHTS:
        setattr(row, name, getattr(rules, name))
    row.save()
    note_change(what="rules set", about=row, by=by, at=at, before=_told(before), after=_told(rules))


def _refuse_bad_weights(rules: Rules) -> None:
    if not all(0 <= getattr(rules, name) <= MOST_S for name in WEIGHTS):
        raise BadQueueError(gettext("What a rule is worth is 0 to 100,000,000 seconds."))


def _refuse_bad_shares(shares: Mapping[str, float]) -> None:
    """Of sites or of partners: somebody who is at one and works for the other would count to both."""
    of_sites, of_partners = (set(found.values_list("name", flat=True)) for found in (sites(), partners()))
    strange = shares.keys() - of_sites - of_partners
    if strange:
        raise BadQueueError(gettext("There is no site or partner “%(name)s”.") % {"name": min(strange)})
    if not (shares.keys() <= of_sites or shares.keys() <= of_partners):
        raise BadQueueError(gettext("Agreed shares are of sites, or of partners, not of both."))
    if not all(0 < share <= 1 for share in shares.values()) or sum(shares.values()) > 1 + 1e-9:
        raise BadQueueError(gettext("Each agreed share is above 0%, and all together are at most 100%."))


def _refuse_bad_reserve(reserve: Mapping[str, int]) -> None:
    known = {skill or code for skill, code in Queue.objects.values_list("skill_code", "code")}
    strange = reserve.keys() - known
    if strange:
        raise BadQueueError(gettext("No queue asks for the skill “%(name)s”.") % {"name": min(strange)})
    if not all(0 <= free <= _MOST_KEPT for free in reserve.values()):
        raise BadQueueError(gettext("0 to 1,000 people are kept free."))


def _told(rules: Rules) -> Mapping[str, Json]:
    weights: dict[str, Json] = {name: f"{getattr(rules, name):,.0f}" for name in WEIGHTS}
    shares = [f"{name} {share:.1%}" for name, share in sorted(rules.shares.items())]
    return weights | {"shares": shares, "reserve": [f"{skill} {free}" for skill, free in sorted(rules.reserve.items())]}
