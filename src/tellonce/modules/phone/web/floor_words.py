"""What the floor says, in the reader's language."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from tellonce.modules.phone.contracts import PauseReason, PersonState
from tellonce.modules.phone.queries.floor import Floor, PersonHere, QueueNow, Waiter
from tellonce.modules.phone.queries.help import Range, Suggestion
from tellonce.modules.phone.queries.rehearsing import Join, Lend, OfferCallbacks
from tellonce.modules.phone.queries.words import wait_in_words
from tellonce.switchboard.promise_hours import PromiseHour
from tellonce.webkit.times import lasted

_LEAST_TOLD = 10  # fewer told waits say nothing of how good they are
_EVEN_S = 15.0
NOTHING = "\N{EN DASH}"


def pressed_words(queue: QueueNow, *, now: datetime) -> str:
    """Who waits too long in the queue, in a sentence that follows its name."""
    everybody = queue.everybody
    said = {
        "n": len(everybody),
        "length": lasted((now - everybody[0].since).total_seconds()),
        "told": told_words(everybody[0]),
    }
    if said["told"]:
        sentence = ngettext(
            "%(n)d person has waited for %(length)s; told: %(told)s.",
            "%(n)d people wait, the longest for %(length)s; told: %(told)s.",
            len(everybody),
        )
    else:
        sentence = ngettext(
            "%(n)d person has waited for %(length)s.", "%(n)d people wait, the longest for %(length)s.", len(everybody)
        )
    nobody = "" if queue.at_work else " " + gettext("Nobody is at work for it.")
    return sentence % said + nobody


def calm_words(floor: Floor) -> str:
    """Who waits, where nobody waits too long; empty where nobody waits at all."""
    everybody = [each for queue in floor.queues for each in queue.everybody]
    if not everybody:
        return ""
    length = lasted((floor.now - min(each.since for each in everybody)).total_seconds())
    words = ngettext("%(n)d person has waited for %(length)s.", "%(n)d people wait, the longest for %(length)s.",
                     len(everybody))  # fmt: skip
    return words % {"n": len(everybody), "length": length}


def told_words(waiter: Waiter) -> str:
    """The wait that somebody was told last; empty where none was."""
    return wait_in_words(waiter.told_form, waiter.told_low_min, waiter.told_high_min)


def state_counts(people: Sequence[PersonHere]) -> list[tuple[str, str]]:
    """How many do what, as (state, words), those who are away last; states of nobody are left out."""
    words = {
        PersonState.AVAILABLE: gettext("%(n)d available"),
        PersonState.ON_CONTACT: gettext("%(n)d on a contact"),
        PersonState.WRAPPING_UP: gettext("%(n)d wrapping up"),
        PersonState.LISTENING: gettext("%(n)d listening in"),
        PersonState.PAUSED: gettext("%(n)d paused"),
        PersonState.AWAY: gettext("%(n)d away"),
    }
    counts = Counter(person.state for person in people)
    found = [(str(state.value), said % {"n": counts[state]}) for state, said in words.items() if counts[state]]
    reasons = Counter(reason_words(person.reason) for person in people if person.state == PersonState.PAUSED)
    told = ", ".join(f"{reason} {n}" if n > 1 else reason for reason, n in sorted(reasons.items()) if reason)
    return [(state, f"{said} ({told})" if state == PersonState.PAUSED and told else said) for state, said in found]


def reason_words(reason: str) -> str:
    """Why somebody is paused."""
    return str(PauseReason(reason).label) if reason in PauseReason.values else reason


def quality_words(told: PromiseHour) -> list[str]:
    """How good today's told waits are: kept, within the 80% interval, and by how much they are off."""
    if not told.told:
        return [gettext("No wait was told today.")]
    count = ngettext("%(n)d wait told", "%(n)d waits told", told.told) % {"n": told.told}
    if told.settled < _LEAST_TOLD:
        return [count, gettext("too few are over to say how good they were")]
    found = [count]
    if not math.isnan(told.kept):
        found.append(gettext("%(share)s kept") % {"share": percent(told.kept)})
    if not math.isnan(told.covered):
        ends = {"low": percent(told.covered_from), "high": percent(told.covered_to)}
        found.append(gettext("%(share)s within the 80%% interval") % {"share": percent(told.covered)}
                     + " (" + gettext("%(low)s to %(high)s") % ends + ")")  # fmt: skip
    if not math.isnan(told.bias_s):
        found.append(_bias(told.bias_s))
    return found


def _bias(bias_s: float) -> str:
    seconds = round(abs(bias_s))
    if seconds < _EVEN_S:
        return gettext("neither too long nor too short")
    if bias_s > 0:
        said = ngettext(
            "half wait %(n)d second longer than estimated", "half wait %(n)d seconds longer than estimated", seconds
        )
    else:
        said = ngettext(
            "half wait %(n)d second less than estimated", "half wait %(n)d seconds less than estimated", seconds
        )
    return said % {"n": seconds}


def percent(share: float) -> str:
    """A share as whole per cent; a dash of nothing."""
    return NOTHING if math.isnan(share) else gettext("%(n)s%%") % {"n": number_format(round(share * 100))}


def range_words(share: Range) -> str:
    """Between what 8 of 10 lie."""
    return gettext("%(low)s to %(high)s") % {"low": percent(share.low), "high": percent(share.high)}


def move_words(suggestion: Suggestion, names: dict[str, str]) -> str:
    """What could be done."""
    match suggestion.move:
        case Lend(giver=giver, to=to, people=n):
            said = ngettext(
                "%(n)d person from %(giver)s to %(to)s for 30 minutes",
                "%(n)d people from %(giver)s to %(to)s for 30 minutes", n,
            )  # fmt: skip
            return said % {"n": n, "giver": names[giver], "to": names[to]}
        case Join(to=to, people=n):
            return ngettext("%(n)d more person for %(to)s", "%(n)d more people for %(to)s", n) % {
                "n": n, "to": names[to],
            }  # fmt: skip
        case OfferCallbacks(to=to):
            return gettext("Offering callbacks in %(to)s") % {"to": names[to]}
        case _:
            return ""


def gain_words(suggestion: Suggestion, *, within_s: int) -> str:
    """What it would change."""
    after, before = percent(suggestion.after.mean), percent(suggestion.before.mean)
    if isinstance(suggestion.move, OfferCallbacks):
        return gettext("%(after)s hang up instead of %(before)s") % {"after": after, "before": before}
    words = gettext("%(after)s within %(within)s instead of %(before)s")
    return words % {"after": after, "before": before, "within": within_words(within_s)}


def within_words(seconds: int) -> str:
    """The target's time: seconds up to two minutes, then as it is said."""
    if seconds <= 120 or seconds % 60:  # noqa: PLR2004 - a service level is said in seconds, as 60 or 90
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    return lasted(seconds)
