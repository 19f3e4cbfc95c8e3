"""The form by which a file is handed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from tellonce.intake.mapping import shipped_mappings
from tellonce.intake.mapping.loading import mapping_text
from tellonce.modules.phone.queries import queues

OWN = "own"
_SHIPPED_TITLES = (  # collected here for translation; they stand in the mappings themselves
    gettext_noop("AnonymousBank, calls of January, February and August 1999 (107,021 calls)"),
    gettext_noop("Bills as TM Forum TMF678 has them (CustomerBill with AppliedCustomerBillingRate)"),
    gettext_noop("FCC complaints of 2015 (2,224 complaints, no customer named)"),
    gettext_noop("IBM telco sample, plain or extended (7,043 customers)"),
    gettext_noop("Maven telecom sample (7,043 customers)"),
)
_MAPPING_LIMIT = 500_000


class HandInForm(forms.Form):
    """A file, its mapping, and the date that its periods count back from."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in any encoding, JSON Lines (both also packed with gzip), XLSX or Parquet, up to 2 GB."),
    )
    mapping = forms.ChoiceField(label=_("Mapping"), choices=())
    own_mapping = forms.FileField(
        label=_("Mapping file of your own"),
        required=False,
        help_text=_("A TOML file; the guide on importing shows how to write one."),
    )
    queue = forms.ChoiceField(
        label=_("Queue"),
        required=False,
        choices=(),
        help_text=_("For calls: the queue that all of them waited in, where the mapping does not say."),
    )
    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day that periods such as “months with us” count back from, where the file does not say."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(mapping.name, gettext(mapping.title)) for mapping in shipped_mappings()]
        field = self.fields["mapping"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, (OWN, _("my own mapping file"))]
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ChoiceField)
        queue.choices = [("", _("as the mapping says")), *((line.code, line.name) for line in queues())]

    def clean(self) -> dict[str, Any]:
        """The text of the chosen mapping stands under `mapping_text`."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen, own = cleaned.get("mapping"), cleaned.get("own_mapping")
        if chosen != OWN:
            cleaned["mapping_text"], cleaned["called"] = (mapping_text(chosen), chosen) if chosen else ("", "")
        elif own is None:
            self.add_error("own_mapping", _("Choose the mapping file."))
        elif own.size > _MAPPING_LIMIT:
            self.add_error("own_mapping", _("This is too long to be a mapping."))
        else:
            cleaned["mapping_text"], cleaned["called"] = _decoded(own.read()), own.name
            if not cleaned["mapping_text"]:
                self.add_error("own_mapping", _("This is not a text file in UTF-8."))
        return cleaned


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
