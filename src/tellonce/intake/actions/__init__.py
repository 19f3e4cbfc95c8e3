"""Everything that changes imports: files received, looked at, brought in, undone; and what is forgotten of them."""

from tellonce.intake.actions.bringing import ask_for, bring_in, look_at
from tellonce.intake.actions.files import receive, stored_path
from tellonce.intake.actions.privacy import expire, forget, merged, personal_data
from tellonce.intake.actions.starting import start
from tellonce.intake.actions.undoing import undo

__all__ = [
    "ask_for",
    "bring_in",
    "expire",
    "forget",
    "look_at",
    "merged",
    "personal_data",
    "receive",
    "start",
    "stored_path",
    "undo",
]
