"""What will happen, soonest first: a heap of four children, over an array of times and one of events."""

from typing import Any

from tellonce.lab.compiled import compiled_lean


@compiled_lean
def push(times: Any, events: Any, size: int, time: float, event: int) -> int:
    """Adds an event; the new size. There must be room."""
    i = size
    while i > 0:
        parent = (i - 1) >> 2
        if times[parent] <= time:
            break
        times[i] = times[parent]
        events[i] = events[parent]
        i = parent
    times[i] = time
    events[i] = event
    return size + 1


@compiled_lean
def pop(times: Any, events: Any, size: int) -> int:
    """Takes the first event away (read it before); the new size."""
    size -= 1
    time, event = times[size], events[size]
    i = 0
    while True:
        child = (i << 2) + 1
        if child >= size:
            break
        least = child
        for j in range(child + 1, min(child + 4, size)):
            if times[j] < times[least]:
                least = j
        if times[least] >= time:
            break
        times[i] = times[least]
        events[i] = events[least]
        i = least
    times[i] = time
    events[i] = event
    return size
