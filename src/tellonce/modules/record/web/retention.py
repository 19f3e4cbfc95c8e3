"""The administrator's page of how long things are kept."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from tellonce.modules.record import actions, queries
from tellonce.modules.record.contracts import RetentionKind
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import UNPROCESSABLE, done, page

_LONGEST_DAYS = 36_500


class RetentionForm(forms.Form):
    """Days for each kind, and a tick that it is meant: what is older is gone the next night."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for kind, days in queries.retention_days().items():
            self.fields[kind] = forms.IntegerField(
                label=RetentionKind(kind).label,
                help_text=_("Deleted once there are any.") if kind == RetentionKind.RECORDINGS else "",
                min_value=1,
                max_value=_LONGEST_DAYS,
                initial=days,
            )
        self.fields["meant"] = forms.BooleanField(label=_("Delete what is older tonight, for good"))


@require_http_methods(["GET", "HEAD", "POST"])
def admin_retention(request: HttpRequest) -> HttpResponse:
    """How many days each kind is kept, and who changed that."""
    form = RetentionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _keep(request, form)
        messages.success(request, gettext("Kept."))
        return done(request, reverse("admin_retention"))
    changes = change_lines(staff.changes_about(about="retentionperiod", about_id=0), named=True)
    context = {"form": form, "changes": changes}
    return page(request, "record/retention.html", context, status=UNPROCESSABLE if form.errors else 200)


@transaction.atomic
def _keep(request: HttpRequest, form: RetentionForm) -> None:
    by, at = signed_in(request).as_actor(), timezone.now()
    for kind in queries.retention_days():
        actions.set_retention(kind=kind, days=form.cleaned_data[kind], by=by, at=at)
