"""Forms of who answers a queue, and of the menus of its numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tellonce.modules.phone.actions import MENU_KEYS
from tellonce.modules.phone.web.forms import LEVELS


class StaffForm(forms.Form):
    """Who answers a queue and how well they can, and the numbers that lead to it."""

    people = forms.TypedMultipleChoiceField(
        label=_("Who answers"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=_("Numbers that lead here"), max_length=400, required=False,
        help_text=_("As carriers name them, with commas between: +12025550100, care."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], levels: Mapping[int, int], asked: int = 1, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        field = self.fields["people"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(people)
        self.known, self.asked = levels, asked
        for pk, name in people:
            said = gettext("Level of %(name)s") % {"name": name}
            self.fields[f"level_{pk}"] = forms.TypedChoiceField(
                label=said, coerce=int, empty_value=None, required=False, initial=levels.get(pk, asked),
                choices=[(level, level) for level in LEVELS], widget=forms.Select(attrs={"aria-label": said}),
            )  # fmt: skip

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """Of each person the box, the level, and whether that is below what the queue asks."""
        for box in self["people"]:
            pk = int(str(box.data["value"]))
            yield {"box": box, "level": self[f"level_{pk}"], "is_below": self.known.get(pk, self.asked) < self.asked}

    def clean_numbers(self) -> list[str]:
        """Each once."""
        return list(
            dict.fromkeys(number.strip() for number in self.cleaned_data["numbers"].split(",") if number.strip())
        )

    def staffed(self) -> Mapping[str, Any]:
        """What the form says, where it is valid; who has no level here keeps theirs."""
        said = self.cleaned_data
        levels = {pk: said[f"level_{pk}"] for pk in said["people"] if said[f"level_{pk}"] is not None}
        return {"people": said["people"], "numbers": said["numbers"], "levels": levels}


class MenuForm(forms.Form):
    """What the keys of a number's menu lead to."""

    number = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, queues: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        for key in MENU_KEYS:
            self.fields[f"key_{key}"] = forms.TypedChoiceField(
                label=key, coerce=int, empty_value=None, required=False, choices=[("", _("nothing")), *queues]
            )

    def fields_of_keys(self) -> Iterator[forms.BoundField]:
        """In the order of the keys."""
        return (self[f"key_{key}"] for key in MENU_KEYS)

    def keys(self) -> list[tuple[str, int]]:
        """Key and queue, where the form is valid."""
        said = ((key, self.cleaned_data[f"key_{key}"]) for key in MENU_KEYS)
        return [(key, queue) for key, queue in said if queue is not None]
