"""One thing that is watched: what each bill said, and what is looked for, narrowed or widened with the reason."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.desk.asking import person_of
from tellonce.desk.live import live_url
from tellonce.desk.opening import open_record, service_names
from tellonce.kernel.errors import DomainError
from tellonce.modules.billing import actions
from tellonce.modules.billing.queries.pages_watch import WatchRead, watch_read
from tellonce.modules.billing.web.watching import ChangeWatchForm
from tellonce.modules.staff.web.gate import may_open_named
from tellonce.webkit.page import UNPROCESSABLE, done, page


@require_safe
def watch(request: HttpRequest, watch_id: int) -> HttpResponse:
    """What is watched for, and what each bill said of it."""
    opened = _opened(request, watch_id)
    return _page(request, opened, opened.form())


@require_POST
def change(request: HttpRequest, watch_id: int) -> HttpResponse:
    """Something else is watched for; with `look` it is only shown what that would have met so far."""
    opened, is_look = _opened(request, watch_id), "look" in request.POST
    form = opened.form(request, is_look=is_look)
    if not form.is_valid() or is_look:
        return _page(request, opened, form, is_look=is_look)
    try:
        actions.change_watch(
            watch_id=watch_id,
            rule=form.rule(),
            reason=form.cleaned_data["reason"],
            by=person_of(request).as_actor(),
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, opened, form)
    messages.success(request, gettext("Changed: from the next bill on this is watched for."))
    return done(request, reverse("watch", args=[watch_id]))


@dataclass(frozen=True, slots=True)
class _Opened:
    """A watch, opened by the rules of its customer's record; `services` are the names of what they have."""

    read: WatchRead
    services: dict[int, str]

    def form(self, request: HttpRequest | None = None, *, is_look: bool = False) -> ChangeWatchForm:
        """The form that changes it, with what was sent."""
        sent = request.POST if request is not None else None
        return ChangeWatchForm(self.read.watch, self.read.row, self.services, sent, is_look=is_look)


def _opened(request: HttpRequest, watch_id: int) -> _Opened:
    read = watch_read(watch_id)
    opened = open_record(request, read.row.customer_id, page="watch", at=timezone.now(), case_id=read.row.case_id)
    return _Opened(read, service_names(opened.card))


def _page(request: HttpRequest, opened: _Opened, form: ChangeWatchForm, *, is_look: bool = False) -> HttpResponse:
    person, now, read = person_of(request), timezone.now(), opened.read
    context = {
        "now": now,
        "read": read,
        "row": read.row,
        "form": form,
        "watching": form.watching(),
        "look_at": reverse("watch_change", args=[read.row.id]),
        "services": opened.services,
        "changes": read.told_changes(opened.services),
        "may_list": may_open_named("bills", person),
        "live_url": live_url(request, ("bills", f"person:{person.pk}")),
    }
    parts = {"watching": "billing/watch_said_each.html"}
    bad = bool(form.errors) and not is_look
    return page(request, "billing/watch.html", context, parts=parts, status=UNPROCESSABLE if bad else 200)
