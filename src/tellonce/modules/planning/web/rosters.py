"""A roster asked for from the page: how far it is, cancelled, taken over."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tellonce.modules.planning import actions, queries, tasks
from tellonce.modules.planning.contracts import BadPlanError, PlanChangedError, RosterBusyError
from tellonce.modules.planning.web.asked import Asked, asked_of
from tellonce.modules.planning.web.plan import plan_page
from tellonce.modules.planning.web.roster_form import RosterForm
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page, wanted_part


@require_POST
def ask(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """A roster asked for; a worker makes it."""
    asked = asked_of(queue_id, week, request.POST)
    form = RosterForm(request.POST, prefix="roster")
    if not form.is_valid():
        return plan_page(request, asked, forms={"roster_form": form}, status=UNPROCESSABLE)
    try:
        key, by = asked.key(request.POST), signed_in(request).as_actor()
        run = actions.ask_roster(key=key, wish=form.wish(), by=by, at=timezone.now())
    except (BadPlanError, PlanChangedError, RosterBusyError) as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return plan_page(request, asked, forms={"roster_form": form}, status=error.status)
    tasks.make_roster.defer(run_id=run.pk)
    return _shown(request, asked)


@require_safe
def state(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """How far the roster of the week is."""
    asked = asked_of(queue_id, week, request.GET)
    if wanted_part(request) != "roster":
        return done(request, asked.address())
    plan = queries.week_plan(asked.queue, asked.week)
    run = queries.latest_run(plan)
    return page(request, "planning/roster_run.html", {"asked": asked, "queue": asked.queue, "plan": plan, "run": run})


@require_POST
def cancel(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """The making of a roster stopped."""
    asked = asked_of(queue_id, week, request.POST)
    run = queries.latest_run(queries.week_plan(asked.queue, asked.week))
    if run is not None:
        actions.cancel_roster(run_id=run.pk, by=signed_in(request).as_actor(), at=timezone.now())
    return _shown(request, asked)


@require_POST
def take(request: HttpRequest, queue_id: int, week: str) -> HttpResponse:
    """A roster that was made taken over into the plan."""
    asked = asked_of(queue_id, week, request.POST)
    run_id, by = request.POST.get("run", ""), signed_in(request).as_actor()
    key = asked.key(request.POST)
    try:
        actions.take_roster(key=key, run_id=int(run_id) if run_id.isdecimal() else 0, by=by, at=timezone.now())
    except (BadPlanError, PlanChangedError) as error:
        return plan_page(request, asked, forms={"told": str(error)}, status=error.status)
    return _shown(request, asked)


def _shown(request: HttpRequest, asked: Asked) -> HttpResponse:
    return plan_page(request, asked) if wanted_part(request) else done(request, asked.address())
