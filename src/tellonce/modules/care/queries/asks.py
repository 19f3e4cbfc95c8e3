"""What other departments ask of somebody's team and department."""

from collections.abc import Callable

from tellonce.datakit import Together, alone
from tellonce.modules.care.contracts import TeamAsks
from tellonce.modules.care.queries.cases import ask_cases_asked
from tellonce.modules.care.queries.hand_overs import ask_waiting_hand_overs
from tellonce.modules.care.queries.promises import ask_promises_to_departments
from tellonce.modules.staff.models import Person

MOST_ASKED = 50


def team_asks(person: Person) -> TeamAsks:
    """Open cases of the person's team or department, promises to departments, and hand-overs that wait for them.

    The oldest 50 of each: the worklist of cases has them all.
    """
    return alone(lambda ask: ask_team_asks(ask, person))


def ask_team_asks(ask: Together, person: Person) -> Callable[[], TeamAsks]:
    """`team_asks`, read together with other things."""
    cases = ask_cases_asked(ask, person, limit=MOST_ASKED)
    promises = ask_promises_to_departments(ask, person, limit=MOST_ASKED)
    hand_overs = ask_waiting_hand_overs(ask, person)
    return lambda: TeamAsks(cases=tuple(cases()), promises=tuple(promises()), hand_overs=tuple(hand_overs()))
