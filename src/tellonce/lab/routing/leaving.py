"""How soon those who wait hang up: a rate by how long they have waited, learned from the waits that are over.

Who has just come hangs up sooner than who has held out (at AnonymousBank six times as soon), so one rate for all would
take too many of those ahead as gone.
"""

from typing import Any

import numpy as np

from tellonce.lab.compiled import compiled_lean

SPANS_FROM_S = (0.0, 30.0, 90.0, 300.0)  # waited so long or longer; the last has no end
RECENT_WAITS = 2_000.0  # how far back it looks
PRIOR_CONTACTS = 20.0  # what was expected counts as much as so many contacts seen
PRIOR_WAIT_S = 60.0
_FADE = 1.0 - 1.0 / RECENT_WAITS
_SPANS = len(SPANS_FROM_S)


@compiled_lean
def _until(span: int) -> float:
    return SPANS_FROM_S[span + 1] if span + 1 < _SPANS else np.inf


@compiled_lean
def count_wait(left: Any, exposure_s: Any, waited_s: float, has_left: float) -> None:
    """Counts a wait that is over: seconds waited in each span, and that it was left in the last of them."""
    for span in range(_SPANS):
        inside = min(waited_s, _until(span)) - SPANS_FROM_S[span]
        left[span] *= _FADE
        exposure_s[span] *= _FADE
        if inside > 0.0:
            exposure_s[span] += inside
            if waited_s < _until(span):
                left[span] += has_left


@compiled_lean
def leaving_rate(left: Any, exposure_s: Any, waited_s: float, for_s: float) -> float:
    """Of who has waited so long, the mean rate of hanging up over the next `for_s` seconds, a second."""
    total, until_s = 0.0, waited_s + max(for_s, 1.0)
    for span in range(_SPANS):
        inside = min(until_s, _until(span)) - max(waited_s, SPANS_FROM_S[span])
        if inside > 0.0:
            total += inside * left[span] / exposure_s[span]
    return total / (until_s - waited_s)
