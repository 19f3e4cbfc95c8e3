"""Writes of the phone: queues, call records, and what privacy asks for."""

from tellonce.modules.phone.actions.calls import load_calls, remove_calls_of
from tellonce.modules.phone.actions.privacy import forget, merged, personal_data
from tellonce.modules.phone.actions.queues import add_queue, bring_back_queue, change_queue, retire_queue
from tellonce.modules.phone.actions.skills import set_skills

__all__ = [
    "add_queue",
    "bring_back_queue",
    "change_queue",
    "forget",
    "load_calls",
    "merged",
    "personal_data",
    "remove_calls_of",
    "retire_queue",
    "set_skills",
]
