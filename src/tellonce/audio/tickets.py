"""What a ticket for somebody's phone in the browser names."""


def topic_of(person: int) -> str:
    """Of this person's phone, and of nothing else that is told live."""
    return f"audio:{person}"
