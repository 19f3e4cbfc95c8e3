"""The floor: is anyone waiting too long, anywhere, and what would help?"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tellonce.modules.care.contracts import PromiseKind
from tellonce.modules.phone import queries
from tellonce.modules.phone.actions.listening import can_listen_in, listen_in, stop_listening
from tellonce.modules.phone.contracts import FLOOR, PersonState
from tellonce.modules.phone.queries.day import Share
from tellonce.modules.phone.queries.floor import Floor, PersonHere, QueueNow, RiskyPromise
from tellonce.modules.phone.queries.help import Help, help_now
from tellonce.modules.phone.web import floor_words as words
from tellonce.modules.record.contracts import Channel
from tellonce.modules.staff.web.gate import may_open_named, signed_in
from tellonce.modules.staff.web.listening import live_url
from tellonce.webkit.page import done, page, wanted_part

_MOST_WAITERS, _MOST_PROMISES = 6, 8
_A_MINUTE = timedelta(minutes=1)


@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """All queues as they are now; `wall=1` in big type, without names."""
    now = timezone.now()
    is_wall = request.GET.get("wall") == "1"
    person = signed_in(request)
    context = _shown(queries.floor_now(now), is_wall=is_wall) | {
        "now": now,
        "me": person.pk,
        "may_listen": can_listen_in() and may_open_named("floor_listen", person),
        "wall": is_wall,
        "topics": (FLOOR,),
        "live_url": live_url(request, (FLOOR, f"person:{person.pk}")),
    }
    if is_wall and "light" not in request.GET:
        context["theme"] = "dark"
    return page(request, "phone/floor.html", context, parts={"floor": "phone/floor_now.html"})


@require_safe
def floor_help(request: HttpRequest) -> HttpResponse:
    """What would help in the next 30 minutes, played from how the floor is now."""
    now = timezone.now()
    found = help_now(now, pressed=queries.floor_now(now).pressed_key)
    part = wanted_part(request)  # the box has another id for each set of queues that are pressed
    template = "phone/help.html" if part.startswith("help") else "phone/floor_help.html"
    return page(request, template, {"help": _help(found) if found else None})


@require_POST
def floor_listen(request: HttpRequest, contact: str, how: str) -> HttpResponse:
    """Listens in on a call (`in`), whispers to its person (`whisper`), or hears it no more (`stop`)."""
    supervisor, now = signed_in(request), timezone.now()
    match how:
        case "in" | "whisper":
            listen_in(supervisor=supervisor, contact=contact, at=now, whispers=how == "whisper")
        case "stop":
            stop_listening(supervisor=supervisor, contact=contact, at=now)
        case _:
            return HttpResponse(status=404)
    if request.headers.get("HX-Request") == "true":  # the switchboard answers by a live event
        return HttpResponse(status=204)
    return done(request, reverse("floor"))


def _shown(floor: Floor, *, is_wall: bool) -> dict[str, Any]:
    pressed = floor.pressed
    return {
        "floor": floor,
        "pressed": [(queue.line.name, words.pressed_words(queue, now=floor.now)) for queue in pressed],
        "pressed_key": floor.pressed_key,
        "calm": words.calm_words(floor),
        "queues": [_queue(queue, floor, is_pressed=queue in pressed, is_wall=is_wall) for queue in floor.queues],
        "sites": [(site, share_words(share), share) for site, share in floor.sites],
        "promises": [_promise(each, floor.now) for each in floor.promises[:_MOST_PROMISES]],
        "more_promises": max(len(floor.promises) - _MOST_PROMISES, 0),
    }


def _queue(queue: QueueNow, floor: Floor, *, is_pressed: bool, is_wall: bool) -> dict[str, Any]:
    everybody = queue.everybody
    return {
        "line": queue.line,
        "within": words.within_words(queue.line.target_within_s),
        "target": words.percent(queue.line.target_share),
        "is_pressed": is_pressed,
        "waiting": len(queue.waiting),
        "callbacks": len(queue.callbacks),
        "longest": everybody[0].since if everybody else None,
        "waiters": [
            {
                "at": each,
                "channel": Channel(each.channel).label,
                "told": words.told_words(each),
                "is_over": each.is_over(floor.now),
            }
            for each in everybody[: 0 if is_wall else _MOST_WAITERS]
        ],
        "more_waiters": max(len(everybody) - _MOST_WAITERS, 0),
        "states": words.state_counts(queue.people),
        "names": [] if is_wall else _names(queue.people),
        "at_work": queue.at_work,
        "day": queue.day,
        "kept": share_words(queue.day.quarters),
        "so_far": share_words(queue.day.now),
        "quality": words.quality_words(queue.told),
    }


def share_words(share: Share) -> str:
    """As per cent; a dash of none."""
    return words.percent(share.part / share.whole if share.whole else math.nan)


def _names(people: Sequence[PersonHere]) -> list[tuple[str, list[tuple[PersonHere, str]]]]:
    """By state the names, with the reason of a pause; by name, so that nobody is before anybody."""
    found = []
    for state in PersonState:
        here = [(each, words.reason_words(each.reason) if state == PersonState.PAUSED else "")
                for each in people if each.state == state]  # fmt: skip
        if here and state != PersonState.AWAY:
            found.append((str(state.label), here))
    return found


def _promise(promise: RiskyPromise, now: datetime) -> dict[str, Any]:
    return {
        "what": PromiseKind(promise.kind).label,
        "owner": promise.owner,
        "due_at": promise.due_at,
        "is_late": promise.due_at <= now - _A_MINUTE,
    }


def _help(found: Help) -> dict[str, Any]:
    lines = {line.code: line for line in queries.queues()}
    names = {code: line.name for code, line in lines.items()}
    suggestions = [each for each in found.suggestions if each.to in lines]
    return {
        "at": found.at,
        "tried": found.tried,
        "outlooks": [
            {
                "name": names[each.queue],
                "within": words.within_words(lines[each.queue].target_within_s),
                "share": words.percent(each.in_time.mean),
                "range": words.range_words(each.in_time),
                "misses": each.in_time.mean < lines[each.queue].target_share,
            }
            for each in found.outlooks
            if each.queue in lines and not math.isnan(each.in_time.mean)
        ],
        "suggestions": [
            {
                "move": words.move_words(each, names),
                "gain": words.gain_words(each, within_s=lines[each.to].target_within_s),
                "range": words.range_words(each.after),
                "giver": names.get(each.giver, ""),
                "giver_before": words.percent(each.giver_before),
                "giver_after": words.percent(each.giver_after),
            }
            for each in suggestions
        ],
    }
