"""Which steps a case may take from where it stands, each with its key."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from tellonce.modules.care.contracts import CaseRead, CaseState


@dataclass(frozen=True, slots=True)
class Step:
    """One button on a case's page."""

    name: str
    key: str
    label: str
    address: str
    is_main: bool = False
    is_once: bool = False
    is_minor: bool = False


def steps_for(read: CaseRead) -> list[Step]:
    """The steps that the state allows, then those that always may be taken."""
    case = read.line

    def step(name: str, key: str, label: str, **how: bool) -> Step:
        return Step(name, key, label, reverse("case_deed", args=[case.id, name]), **how)

    def deed(name: str, key: str, label: str) -> Step:
        return Step(name, key, label, f"{reverse('deed', args=[case.customer_id, name])}?case={case.id}")

    if read.merged_into_id is not None or case.state == CaseState.CLOSED:
        return [step("link", "L", gettext("Link"))]
    if case.state == CaseState.SOLVED:
        return [
            step("reopen", "R", gettext("Reopen"), is_main=True),
            step("close", "C", gettext("Put away"), is_once=True),
            step("link", "L", gettext("Link")),
        ]
    steps = [step("solve", "S", gettext("Solve"), is_main=True)]
    if case.state == CaseState.WAITING:
        steps.append(step("resume", "R", gettext("Take up again"), is_once=True))
    steps.append(step("wait", "Z", gettext("Let it wait")))
    steps.append(step("ask", "D", gettext("Ask another department")))
    if case.customer_id is not None:
        steps += [
            deed("promise", "P", gettext("Promise")),
            deed("hand-over", "H", gettext("Hand over")),
            deed("write", "W", gettext("Write")),
            deed("note", "N", gettext("Note")),
        ]
    return [
        *steps,
        step("own", "O", gettext("Owner")),
        step("attach", "U", gettext("Attach"), is_minor=True),
        step("link", "L", gettext("Link"), is_minor=True),
        step("merge", "M", gettext("Merge"), is_minor=True),
        step("split", "X", gettext("Split"), is_minor=True),
        step("below", "B", gettext("Below another"), is_minor=True),
    ]
