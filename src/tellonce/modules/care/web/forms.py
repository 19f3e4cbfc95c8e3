"""Forms of the administrator's pages of matters and answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tellonce.modules.care.contracts import MatterNode

LEVELS = 3


class NameForm(forms.Form):
    """The name of a matter, new or changed."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class MoveForm(forms.Form):
    """Where a matter stands: below which one, and before which of its siblings."""

    parent = forms.TypedChoiceField(label=_("Below"), required=False, coerce=int, empty_value=None)
    before = forms.TypedChoiceField(label=_("Before"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, matter: MatterNode, tree: list[MatterNode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = {node.id for node in below(matter)}
        others = [node for node in tree if node.id not in inside]
        above = [("", _("The top"))] + [(node.id, node.path) for node in others if node.level < LEVELS]
        siblings = [("", _("The end"))] + [(node.id, node.path) for node in others]
        for name, choices in (("parent", above), ("before", siblings)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = choices


class AnswerForm(forms.Form):
    """A canned answer."""

    title = forms.CharField(label=_("Title"), max_length=120)
    matter = forms.TypedChoiceField(label=_("Matter"), required=False, coerce=int, empty_value=None)
    language = forms.ChoiceField(label=_("Language"))
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "{customer}, {me}, {provider} and {due} are filled in; the last is when our next promise to them is due, "
            "by their clock."
        ),
    )

    def __init__(self, *args: Any, tree: list[MatterNode], languages: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        matter, language = self.fields["matter"], self.fields["language"]
        assert isinstance(matter, forms.TypedChoiceField)
        assert isinstance(language, forms.ChoiceField)
        matter.choices = [("", _("Any")), *((node.id, node.path) for node in tree)]
        language.choices = list(languages)


def below(matter: MatterNode) -> list[MatterNode]:
    """The matter and everything below it."""
    return [matter, *(each for child in matter.children for each in below(child))]
