"""Who talks to whom next, and how long a contact will wait: used by the switchboard and by the simulator alike."""

from tellonce.lab.routing.calibrating import AS_ESTIMATED, Calibration, as_estimated, learned_calibration
from tellonce.lab.routing.choices import choose_contact, choose_person, count_given
from tellonce.lab.routing.errors import RoutingInputError
from tellonce.lab.routing.plans import Group, Line, Plan, can_take, routing_plan
from tellonce.lab.routing.reasons import contact_worth_by_rule, deciding_rule, person_worth_by_rule
from tellonce.lab.routing.recent import NO_CHANGES, Changes, RecentPast
from tellonce.lab.routing.rules import SENTENCES, Rules, concerning
from tellonce.lab.routing.waits import completion_rate, wait_quantiles

__all__ = [
    "AS_ESTIMATED",
    "NO_CHANGES",
    "SENTENCES",
    "Calibration",
    "Changes",
    "Group",
    "Line",
    "Plan",
    "RecentPast",
    "RoutingInputError",
    "Rules",
    "as_estimated",
    "can_take",
    "choose_contact",
    "choose_person",
    "completion_rate",
    "concerning",
    "contact_worth_by_rule",
    "count_given",
    "deciding_rule",
    "learned_calibration",
    "person_worth_by_rule",
    "routing_plan",
    "wait_quantiles",
]
