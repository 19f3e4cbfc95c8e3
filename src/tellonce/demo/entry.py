"""What a real phone dials to reach the demo."""

from typing import Final

ENTRY: Final = "care"
"""sip:care@127.0.0.1, and the port that `tellonce demo` prints."""
