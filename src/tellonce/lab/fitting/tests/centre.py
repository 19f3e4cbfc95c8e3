"""A small call centre with known truth, and the log that it leaves: written apart from the product's simulator."""

import heapq
from dataclasses import dataclass

import numpy as np

from tellonce.lab.fitting import UNKNOWN, CallLog, Ending

DAY_S = 86_400
OPEN_S, SHUT_S = 8 * 3600, 18 * 3600


@dataclass(frozen=True)
class Centre:
    """Two kinds, 0 and 1, priority 0 or 1; the last person takes kind 0 only; each has half an hour for lunch."""

    days: int = 8
    people: int = 6
    calls_per_hour: float = 95.0
    patience_s: tuple[float, float] = (200.0, 600.0)
    talk_s: tuple[float, float] = (150.0, 240.0)
    slow: float = 1.4  # the factor of person 0
    wrap_s: float = 12.0
    head_s: float = 60.0

    def log(self, seed: int) -> CallLog:
        rng = np.random.default_rng(seed)
        rows: list[tuple[float, ...]] = []
        for day in range(self.days):
            rows += self._day(rng, start=float(day * DAY_S))
        columns = np.array(rows)
        at, wait, ending, talk, person, kind, priority = (columns[:, place] for place in range(7))
        whole = [column.astype(np.int64) for column in (ending, person, kind, priority)]
        return CallLog(
            at, at, wait, whole[0], talk, whole[1], whole[2], whole[3], np.full(len(at), UNKNOWN),
            kinds=("bills", "cabling"), people=tuple(f"p{place}" for place in range(self.people)),
        )  # fmt: skip

    def _day(self, rng: np.random.Generator, *, start: float) -> list[tuple[float, ...]]:
        count = rng.poisson(self.calls_per_hour * (SHUT_S - OPEN_S) / 3600)
        at = np.sort(rng.uniform(start + OPEN_S, start + SHUT_S, count))
        kind, priority = (rng.random(count) < 0.4).astype(int), (rng.random(count) < 0.5).astype(int)
        gone = at + rng.exponential(np.array(self.patience_s)[priority])
        free = [(start + OPEN_S, start, person) for person in range(self.people)]  # free again, free since, who
        had_lunch, rows, waiting, coming = [False] * self.people, [], [], 0
        while free:
            now, since, person = heapq.heappop(free)
            lunch = start + OPEN_S + (2 + person) * 3600.0
            if now >= start + SHUT_S:
                continue
            if now >= lunch and not had_lunch[person]:
                had_lunch[person] = True
                heapq.heappush(free, (now + 1800, now + 1800, person))
                continue
            while coming < count and at[coming] <= now:
                waiting.append(coming)
                coming += 1
            left = [call for call in waiting if gone[call] <= now]
            rows += [self._row(at, call, gone[call] - at[call], kind, priority) for call in left]
            waiting = [call for call in waiting if gone[call] > now]
            mine = [call for call in waiting if person < self.people - 1 or kind[call] == 0]
            if not mine:
                later = at[coming] if coming < count else start + SHUT_S
                heapq.heappush(free, (max(later, now + 1e-6), since, person))
                continue
            taken = min(mine, key=lambda call: at[call] - self.head_s * priority[call])
            waiting.remove(taken)
            talk = rng.lognormal(np.log(self.talk_s[kind[taken]]) - 0.32, 0.8) * (self.slow if person == 0 else 1.0)
            rows.append(self._row(at, taken, now - at[taken], kind, priority, talk=talk, person=person))
            ready = now + talk + rng.exponential(self.wrap_s)
            heapq.heappush(free, (ready, ready, person))
        return rows

    def _row(
        self,
        at: np.ndarray,
        call: int,
        waited: float,
        kind: np.ndarray,
        priority: np.ndarray,
        *,
        talk: float = float("nan"),
        person: int = UNKNOWN,
    ) -> tuple[float, ...]:
        ending = Ending.ANSWERED if person != UNKNOWN else Ending.ABANDONED
        return (at[call], waited, ending, talk, person, kind[call], priority[call])
