"""Chains of records in the order in which they came: contacts in a line, free people in a group."""

from typing import Any

from tellonce.lab.compiled import compiled_lean


@compiled_lean
def append(members: Any, chain: Any, place: int) -> None:
    """The member at a place is the last of the chain; both ends of it are -1 while it is empty."""
    members[place].previous, members[place].next = chain.tail, -1
    if chain.tail >= 0:
        members[chain.tail].next = place
    else:
        chain.head = place
    chain.tail = place


@compiled_lean
def unlink(members: Any, chain: Any, place: int) -> None:
    """The member at a place is out of the chain, wherever in it it was."""
    before, after = members[place].previous, members[place].next
    if after >= 0:
        members[after].previous = before
    else:
        chain.tail = before
    if before >= 0:
        members[before].next = after
    else:
        chain.head = after
