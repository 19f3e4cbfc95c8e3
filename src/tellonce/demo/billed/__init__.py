"""The demo's bills: two years of them, what went wrong on them, and what came of it."""
