"""When the reasons of contacts are learned, and where."""

from pkgutil import resolve_name
from typing import Any

import pytest

from tellonce.desk import reasons, tasks

pytestmark = pytest.mark.django_db
Apart = list[tuple[Any, bool]]


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Apart:
    """What was asked to be done in a process of its own: which work, and whether with trees."""
    asked: Apart = []
    monkeypatch.setattr(
        tasks, "work_apart", lambda work, *, at, with_trees=False: asked.append((resolve_name(work), with_trees))
    )
    return asked


def test_of_hardly_any_contacts_no_process_is_started(apart: Apart) -> None:
    assert not tasks.learn_reasons_first(timestamp=0)
    assert not tasks.learn_reasons(timestamp=0)
    assert apart == []


def test_with_enough_contacts_the_quick_kind_comes_first_and_the_better_at_night(
    apart: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "count_contacts_with_matter", lambda *, up_to: up_to)
    assert tasks.learn_reasons_first(timestamp=0)
    assert tasks.learn_reasons(timestamp=0)
    assert apart == [(reasons.learn_reasons, False), (reasons.learn_reasons, True)]
