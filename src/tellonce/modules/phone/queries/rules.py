"""The rules of routing, by which the switchboard decides and rehearsals are played."""

from tellonce.lab.routing import Rules
from tellonce.modules.phone.models import RoutingRules
from tellonce.modules.phone.models.rules import WEIGHTS


def routing_rules() -> Rules:
    """As an administrator has set them; before that the usual ones."""
    row = RoutingRules.objects.first()
    if row is None:
        return Rules()
    return Rules(**{name: getattr(row, name) for name in WEIGHTS}, shares=row.shares, reserve=row.reserve)
