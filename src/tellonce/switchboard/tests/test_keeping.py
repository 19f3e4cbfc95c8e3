"""A journal that is away for a moment is waited for; one that stays away, or was taken by another, is given up."""

import asyncio
from typing import Any, cast

import pytest

from tellonce.switchboard import keeping
from tellonce.switchboard.errors import JournalError, JournalLostError
from tellonce.switchboard.keeping import Keeping
from tellonce.switchboard.ports import Journal, Kept


class AwayFor:
    """A journal that cannot be reached so many times; then `regain` says so, or raises."""

    def __init__(self, times: int, *, taken: bool = False) -> None:
        self.times, self.taken = times, taken
        self.kept: list[Kept] = []
        self.is_lost = times > 0

    def keep(self, kept: Kept) -> None:
        if self.is_lost:
            raise JournalLostError("away")
        self.kept.append(kept)

    def regain(self) -> bool:
        if self.taken:
            raise JournalError("taken")
        self.times -= 1
        self.is_lost = self.times > 0
        return not self.is_lost


def kept_by(journal: AwayFor, *, patience_s: float) -> None:
    what = Kept(done=(1,))

    async def whole() -> None:
        await Keeping(cast("Journal", journal), patience_s=patience_s).do(lambda each: each.keep(what))

    asyncio.run(whole())


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "TRY_AGAIN_S", 0.01)


def test_what_was_to_be_kept_is_kept_once_when_the_journal_is_back() -> None:
    journal = AwayFor(3)
    kept_by(journal, patience_s=20.0)
    assert journal.kept == [Kept(done=(1,))]


@pytest.mark.parametrize(
    ("journal", "error"), [(AwayFor(10**9), JournalLostError), (AwayFor(2, taken=True), JournalError)]
)
def test_one_that_stays_away_or_is_another_ones_is_given_up(journal: AwayFor, error: Any) -> None:
    with pytest.raises(error):
        kept_by(journal, patience_s=0.1)
    assert not journal.kept
