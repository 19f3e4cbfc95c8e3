"""Moments as a reader takes them in: the beginning and the end of one conversation are one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tellonce.modules.care.contracts import ContactBegan, ContactEnded, ToldAgain
from tellonce.modules.record.contracts import ToldMoment


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a story with the words below it; `again` says that the customer had to repeat themselves."""

    id: UUID
    at: datetime
    tone: str
    direction: str
    lead: str
    rest: str
    words: tuple[str, ...]
    by_name: str
    delivery: str
    case_id: int | None
    again: bool = False
    recording_id: int | None = None


def entries_of(moments: Sequence[ToldMoment]) -> list[Entry]:
    """The moments, newest first, with what belongs to one conversation folded into its beginning."""
    began = {each.about.contact_id for each in moments if isinstance(each.data, ContactBegan)}
    ended = {each.about.contact_id: each for each in moments if isinstance(each.data, ContactEnded)}
    again = {each.about.contact_id for each in moments if isinstance(each.data, ToldAgain)}
    entries = []
    for moment in moments:
        if isinstance(moment.data, (ContactEnded, ToldAgain)) and moment.about.contact_id in began:
            continue
        if isinstance(moment.data, ContactBegan):
            contact_id = moment.about.contact_id
            entries.append(_conversation(moment, ended.get(contact_id), again=contact_id in again))
        else:
            entries.append(_entry(moment))
    return entries


def _entry(moment: ToldMoment) -> Entry:
    headline = moment.headline
    return Entry(
        id=moment.id,
        at=moment.at,
        tone=moment.tone,
        direction=moment.direction,
        lead=headline.lead,
        rest=headline.rest,
        words=(moment.words,) if moment.words else (),
        by_name=moment.by_name if moment.by_kind == "person" and moment.by_name not in headline.rest else "",
        delivery=moment.delivery,
        case_id=moment.about.case_id,
        recording_id=moment.about.about_id if moment.about.about == "recording" else None,
    )


def _conversation(began: ToldMoment, ended: ToldMoment | None, *, again: bool) -> Entry:
    rest = ended.headline.rest if ended is not None and not ended.erased else began.headline.rest
    told = (began.words, ended.words if ended is not None else "")
    return Entry(
        id=began.id,
        at=began.at,
        tone=began.tone,
        direction=began.direction,
        lead=began.headline.lead,
        rest=rest,
        words=tuple(words for words in told if words),
        by_name="",
        delivery="",
        case_id=began.about.case_id or (ended.about.case_id if ended is not None else None),
        again=again,
    )
