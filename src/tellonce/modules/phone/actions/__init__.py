"""Writes of the phone: queues, call records, and what privacy asks for."""

from tellonce.modules.phone.actions.calls import load_calls, remove_calls_of
from tellonce.modules.phone.actions.desk_phones import REALM, PhoneSignIn, give_phone, take_phone_back
from tellonce.modules.phone.actions.following_up import call_back, follow_up
from tellonce.modules.phone.actions.privacy import forget, merged, personal_data
from tellonce.modules.phone.actions.queues import add_queue, bring_back_queue, change_queue, retire_queue, staff_queue
from tellonce.modules.phone.actions.recordings import expire, keep_recording
from tellonce.modules.phone.actions.skills import set_skills

__all__ = [
    "REALM",
    "PhoneSignIn",
    "add_queue",
    "bring_back_queue",
    "call_back",
    "change_queue",
    "expire",
    "follow_up",
    "forget",
    "give_phone",
    "keep_recording",
    "load_calls",
    "merged",
    "personal_data",
    "remove_calls_of",
    "retire_queue",
    "set_skills",
    "staff_queue",
    "take_phone_back",
]
