"""Forms of the page of outages. Times are typed in the reader's time zone."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tellonce.modules.network.contracts import OutageKind
from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import AreaNode

_LOCAL = "%Y-%m-%dT%H:%M"


def _when(label: Any, *, required: bool) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=[_LOCAL, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format=_LOCAL, attrs={"type": "datetime-local"}),
    )


def _choices(nodes: Sequence[AreaNode], above: str = "") -> Iterator[tuple[int, str]]:
    for node in nodes:
        path = f"{above} \u203a {node.name}" if above else node.name
        yield node.id, path
        yield from _choices(node.children, path)


class ReportForm(forms.Form):
    """A new outage."""

    area = forms.TypedChoiceField(
        label=_("Where"), coerce=int, help_text=_("A region or an area means everything below it.")
    )
    kind = forms.ChoiceField(label=_("How bad"), choices=OutageKind.choices, widget=forms.RadioSelect)
    began_at = _when(_("Since"), required=True)
    expected_until = _when(_("Expected until"), required=False)
    cause = forms.CharField(label=_("Cause"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.TypedChoiceField)
        area.choices = [("", _("Choose an area")), *_choices(record_queries.area_tree())]


class ChangeForm(forms.Form):
    """What is known of a current outage."""

    kind = forms.ChoiceField(label=_("How bad"), choices=OutageKind.choices, widget=forms.RadioSelect)
    expected_until = _when(_("Expected until"), required=False)
    cause = forms.CharField(label=_("Cause"), max_length=300, required=False)


class EndForm(forms.Form):
    """Since when it works again."""

    ended_at = _when(_("Works again since"), required=True)
