"""The administrator's page of matters: the tree, and what can be done to the one that is chosen."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from tellonce.kernel.errors import DomainError
from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import MatterNode
from tellonce.modules.care.models import Matter
from tellonce.modules.care.web.forms import LEVELS, MoveForm, NameForm
from tellonce.modules.staff import queries as staff
from tellonce.modules.staff.web.changes import change_lines
from tellonce.modules.staff.web.gate import signed_in
from tellonce.webkit.page import done, page

_UNPROCESSABLE = 422


@require_safe
def admin_matters(request: HttpRequest, matter_id: int | None = None) -> HttpResponse:
    """The tree; with an id, that matter beside it."""
    return _page(request, matter_id, {})


@require_POST
def admin_matter_add(request: HttpRequest, matter_id: int | None = None) -> HttpResponse:
    """A new matter below this one, or at the top."""
    form = NameForm(request.POST)
    return _done(
        request,
        form,
        "adding",
        matter_id,
        lambda: actions.add_matter(
            name=form.cleaned_data["name"], parent_id=matter_id, by=signed_in(request).as_actor(), at=timezone.now()
        ),
    )


@require_POST
def admin_matter_rename(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Another name for the matter."""
    form = NameForm(request.POST)
    return _done(
        request,
        form,
        "naming",
        matter_id,
        lambda: actions.rename_matter(
            matter_id=matter_id,
            name=form.cleaned_data["name"],
            by=signed_in(request).as_actor(),
            at=timezone.now(),
        ),
    )


@require_POST
def admin_matter_move(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Another place for the matter."""
    flat = queries.matters_flat(with_retired=True)
    form = MoveForm(request.POST, matter=_chosen(flat, matter_id), tree=flat)
    return _done(
        request,
        form,
        "moving",
        matter_id,
        lambda: actions.move_matter(
            matter_id=matter_id,
            parent_id=form.cleaned_data["parent"],
            before_id=form.cleaned_data["before"],
            by=signed_in(request).as_actor(),
            at=timezone.now(),
        ),
    )


@require_POST
def admin_matter_retire(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Not offered any more, or offered again."""
    act = actions.bring_back_matter if "back" in request.POST else actions.retire_matter
    act(matter_id=matter_id, by=signed_in(request).as_actor(), at=timezone.now())
    return done(request, reverse("admin_matter", args=[matter_id]))


def _done(
    request: HttpRequest, form: forms.Form, name: str, matter_id: int | None, act: Callable[[], Matter]
) -> HttpResponse:
    if form.is_valid():
        try:
            matter = act()
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("Kept."))
            return done(request, reverse("admin_matter", args=[matter.pk]))
    return _page(request, matter_id, {name: form}, status=_UNPROCESSABLE)


def _page(
    request: HttpRequest, matter_id: int | None, forms_given: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    tree = queries.matters_tree(with_retired=True)
    flat = queries.matters_flat(with_retired=True)
    context: dict[str, Any] = {
        "tree": tree,
        "adding": NameForm(),
        "offered": sum(not node.retired for node in flat),
        "retired": sum(node.retired for node in flat),
    }
    if matter_id is not None:
        chosen = _chosen(flat, matter_id)
        context |= {
            "chosen": chosen,
            "changes": change_lines(staff.changes_about(about="matter", about_id=matter_id)),
            "may_have_children": chosen.level < LEVELS and not chosen.retired,
            "naming": NameForm(initial={"name": chosen.name}),
            "moving": MoveForm(matter=chosen, tree=flat, initial=_place(flat, chosen)),
        }
    return page(request, "care/matters.html", context | forms_given, status=status)


def _chosen(flat: list[MatterNode], matter_id: int) -> MatterNode:
    found = next((node for node in flat if node.id == matter_id), None)
    if found is None:
        raise Http404
    return found


def _place(flat: list[MatterNode], chosen: MatterNode) -> dict[str, int | str]:
    """The matter above the chosen one, and the sibling after it."""
    parent = next((node for node in flat if chosen in node.children), None)
    siblings = list(parent.children) if parent else [node for node in flat if node.level == 1]
    after = siblings[siblings.index(chosen) + 1 :][:1]
    return {"parent": parent.id if parent else "", "before": after[0].id if after else ""}
