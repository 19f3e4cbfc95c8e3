"""Small line drawings on a 16 by 16 grid; the paths of each."""

_PATHS = {
    "call": (
        '<path d="M3.2 2.5h2.2l1.2 3-1.5 1.1a8 8 0 0 0 4.3 4.3l1.1-1.5 3 1.2v2.2c0 .7-.6 1.2-1.3 1.2'
        'A10.5 10.5 0 0 1 2 3.8c0-.7.5-1.3 1.2-1.3z"/>'
    ),
    "mail": '<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.5"/><path d="m2 4.5 6 4.5 6-4.5"/>',
    "chat": '<path d="M2 3.5h12v7.5H7l-3 2.5V11H2z"/>',
    "text": '<path d="M2 3.5h12v7.5H7l-3 2.5V11H2z"/><path d="M5 7.25h.01M8 7.25h.01M11 7.25h.01"/>',
    "social": '<path d="M2.5 6.5v3l2 .25L11.5 13V3L4.5 6.25zM13.5 6.5v3"/><path d="m5 10 .8 3.5"/>',
    "letter": '<path d="M3 2h7l3 3v9H3z"/><path d="M10 2v3h3M5.5 8h5M5.5 10.5h5"/>',
    "shop": '<path d="M2 6.5 3 3h10l1 3.5M3 7v6.5h10V7M2 6.5h12M6.5 13.5V10h3v3.5"/>',
    "visit": '<path d="M1.5 4h8.5v7.5h-8.5zM10 6.5h2.5l2 2.5v2.5H10"/><circle cx="4.5" cy="12" r="1.3"/>'
    '<circle cx="12" cy="12" r="1.3"/>',
    "portal": '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c4 4 4 8 0 12-4-4-4-8 0-12z"/>',
    "desk": '<rect x="2" y="2.5" width="12" height="11" rx="1.5"/><path d="M6 2.5v11M11 2.5v11"/>',
    "day": (
        '<rect x="2" y="3" width="12" height="11" rx="1.5"/><path d="M2 6.5h12M5 1.5v3M11 1.5v3"/>'
        '<path d="m6 10 1.5 1.5L10.5 8.5"/>'
    ),
    "floor": (
        '<path d="M3 10V7.5a5 5 0 0 1 10 0V10"/><rect x="1.75" y="8.75" width="2.75" height="4" rx="1"/>'
        '<rect x="11.5" y="8.75" width="2.75" height="4" rx="1"/><path d="M12.9 12.75c0 1.3-1.4 1.75-3 1.75"/>'
    ),
    "customers": (
        '<circle cx="6" cy="5.5" r="2.5"/>'
        '<path d="M1.5 13.5c0-3 2-4.5 4.5-4.5s4.5 1.5 4.5 4.5M10.5 3.25a2.5 2.5 0 0 1 0 4.6M12.5 9.5c1.3.6 2 '
        '2 2 4"/>'
    ),
    "cases": '<rect x="2" y="4.5" width="12" height="9" rx="1.5"/><path d="M5.5 4.5v-2h5v2M2 8.5h12"/>',
    "stories": '<path d="M4 3.5h9M4 8h9M4 12.5h6"/><path d="M1.8 3.5h.01M1.8 8h.01M1.8 12.5h.01"/>',
    "find": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
    "flag": '<path d="M3.5 14.5V2M3.5 2.5h8.5l-2 3 2 3H3.5"/>',
    "person": '<circle cx="8" cy="5" r="2.75"/><path d="M2.5 14c.3-3.3 2.5-5 5.5-5s5.2 1.7 5.5 5"/>',
    "place": (
        '<path d="M8 14.5c3-3.3 5-5.7 5-8.2a5 5 0 0 0-10 0c0 2.5 2 4.9 5 8.2z"/><circle cx="8" cy="6.3" r="1.7"/>'
    ),
    "device": '<rect x="1.5" y="8" width="13" height="5" rx="1.5"/><path d="M4.5 10.5h.01M7 10.5h.01M11.5 8V3.5"/>',
    "account": '<rect x="1.5" y="3.5" width="13" height="9" rx="1.5"/><path d="M1.5 6.5h13M4 10h3"/>',
    "act": '<path d="M3 8h9M8.5 4.5 12 8l-3.5 3.5"/>',
    "close": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "check": '<path d="m3 8.5 3.5 3.5L13 4.5"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "up": '<path d="M8 13V3M4 7l4-4 4 4"/>',
    "left": '<path d="M13 8H3M7 4 3 8l4 4"/>',
    "clock": '<circle cx="8" cy="8" r="6"/><path d="M8 4.5V8l2.5 1.5"/>',
    "clip": (
        '<path d="m13 7.5-5.2 5.2a3.2 3.2 0 0 1-4.5-4.5L8.8 2.7a2.1 2.1 0 0 1 3 3L6.5 11a1 1 0 0 1-1.5-1.5l4.7-4.7"/>'
    ),
    "link": (
        '<path d="M6.5 9.5a2.5 2.5 0 0 0 3.6 0l2.7-2.7a2.5 2.5 0 0 0-3.6-3.6l-.9.9M9.5 6.5a2.5 2.5 0 0 0-3.6 '
        '0L3.2 9.2a2.5 2.5 0 0 0 3.6 3.6l.9-.9"/>'
    ),
    "lock": '<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5 7V5a3 3 0 0 1 6 0v2"/>',
    "heart": '<path d="M1.5 8H5l1.5-3.5 3 7L11 8h3.5"/>',
    "shield": (
        '<path d="M8 1.5 13.5 3.5v4.5c0 3.5-2.3 5.5-5.5 6.5-3.2-1-5.5-3-5.5-6.5V3.5z"/><path d="M8 5v3.5M8 11h.01"/>'
    ),
    "more": '<path d="M3.5 8h.01M8 8h.01M12.5 8h.01"/>',
}


def drawing(name: str) -> str:
    """The inside of the svg called `name`; KeyError for one that nobody drew."""
    return _PATHS[name]


def names() -> tuple[str, ...]:
    """What is drawn."""
    return tuple(sorted(_PATHS))
