"""What the lab and workers refuse is said in the reader's language, with the same values in it."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import translation

from tellonce.kernel.errors import DomainError
from tellonce.lab.rehearsal import TEXTS, RehearsalInputError
from tellonce.lab.rostering import NoRosterError, RosterInputError
from tellonce.lab.simulation import ScenarioError
from tellonce.modules.planning.contracts.reasons import REASONS, error_row, error_words, told_words

_VALUES = {"most": 5000, "name": "juggling", "known": "bills, lines", "skill": "bills", "n": 2, "why": "x"}


def _told(text: str) -> Mapping[str, Any]:
    return {name: _VALUES[name] for name in re.findall(r"{(\w+)", text)}


@pytest.mark.parametrize("reason", sorted(TEXTS))
def test_every_reason_of_a_policy_has_words_with_all_its_values(reason: str) -> None:
    error = RehearsalInputError("field", reason, **_told(TEXTS[reason]))
    said = error_words(error)
    if reason == "no_scenario":  # what the simulator says of arrays is for the log, not for a reader
        assert said == "This policy cannot be simulated."
    else:
        assert said.replace("“", "'").replace("”", "'") == str(error)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoRosterError("stopped", "english"), "No roster was found in the time given; give it more."),
        (RosterInputError("start_spread_min", "of x"), "So long a shift leaves less than 11 hours of rest"),
        (RosterInputError("hurt", "of x"), "No roster can be made of these shifts, days and hours"),
        (ScenarioError("people[3].pace", "is -1."), "people[3].pace is -1."),
    ],
)
def test_errors_are_known_by_reason_else_by_code_and_field_else_as_they_are(error: DomainError, said: str) -> None:
    assert error_words(error).startswith(said)


def test_what_a_worker_noted_is_said_in_the_language_of_whoever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    row = error_row(RehearsalInputError("count", "few_can_change", n=2))
    spoken = {"en": "Only %(n)s people can change so.", "es": "Solo %(n)s personas pueden cambiar así."}

    class Lazy:
        def __str__(self) -> str:
            return spoken[translation.get_language() or "en"]

    monkeypatch.setitem(REASONS, "few_can_change", Lazy())
    with translation.override("es"):
        assert told_words(row) == "Solo 2 personas pueden cambiar así."
    assert told_words(row) == "Only 2 people can change so."
    assert told_words("as it was noted before reasons") == "as it was noted before reasons"
    assert told_words({}) == ""
