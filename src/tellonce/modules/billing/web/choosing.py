"""What part of it somebody looks at: a period, and an area."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.billing.queries.scope import ALL, Scope, scope_of
from tellonce.modules.record import queries as record
from tellonce.modules.record.contracts import AreaNode

_FIELDS = ("since", "until", "area")
_BACKWARDS = "backwards"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class ScopeForm(forms.Form):
    """Days from and until, both included; an area means everything below it."""

    since = _day(_("From"))
    until = _day(_("Until"))
    area = forms.TypedChoiceField(label=_("Area"), coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any) -> None:
        """`data` is the address."""
        super().__init__(data)
        area = self.fields["area"]
        assert isinstance(area, forms.TypedChoiceField)
        area.choices = [("", _("Everywhere")), *_choices(record.area_tree())]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", forms.ValidationError(gettext("The first day is after the last one."), _BACKWARDS))
        return said

    @property
    def is_backwards(self) -> bool:
        """Whether the first day is after the last one: no day is in it."""
        return self.has_error("until", _BACKWARDS)

    def scope(self) -> Scope:
        """What was chosen; all of it where that is nothing that can be."""
        if not self.is_valid():
            return ALL
        said = self.cleaned_data
        return scope_of(since=said["since"], until=said["until"], area_id=said["area"])

    def carry(self) -> str:
        """The choice as a part of an address, for the links of the page."""
        chosen = {name: self.data.get(name, "") for name in _FIELDS}
        return "&" + urlencode({name: value for name, value in chosen.items() if value})


def _choices(nodes: Sequence[AreaNode], above: str = "") -> Iterator[tuple[int, str]]:
    for node in nodes:
        path = f"{above} \u203a {node.name}" if above else node.name
        yield node.id, path
        yield from _choices(node.children, path)
