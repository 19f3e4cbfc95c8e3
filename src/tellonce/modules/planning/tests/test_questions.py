"""The example of the guide is a decision that can be rehearsed; what cannot be is named."""

import re
from pathlib import Path

import pytest

from tellonce.lab.rehearsal import Base, CallbacksChange, MenuChange, PeopleChange, rehearse
from tellonce.lab.simulation.examples import provider
from tellonce.modules.planning.contracts.decisions import BadDecisionError
from tellonce.modules.planning.files.questions import question_in

GUIDE = Path(__file__).resolve().parents[5] / "docs" / "guide" / "decisions.md"


def test_the_example_of_the_guide_is_rehearsed() -> None:
    found = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    asked = question_in(found[1])
    assert [type(each) for policy in asked.policies for each in policy.changes] == [
        PeopleChange, CallbacksChange, MenuChange,
    ]  # fmt: skip
    base = Base(provider(people=30, days=1, contacts_a_day=700), 0)
    for policy in asked.policies:
        assert rehearse(base, policy.changes, replications=1, target_share=asked.target_share) is not None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('kind = "people"\ncount = 2\nfrom_h = 9', "to_h"),
        ('kind = "magic"', "magic"),
        ('kind = "people"\ncount = "two"\nfrom_h = 9\nto_h = 12', "count"),
    ],
)
def test_what_cannot_be_is_named(more: str, said: str) -> None:
    with pytest.raises(BadDecisionError, match=said):
        question_in(f'question = "?"\n[[policies]]\nname = "x"\n[[policies.changes]]\n{more}')
