"""Writes of the phone: queues, call records, and what privacy asks for."""

from tellonce.modules.phone.actions.callbacks import CallTerms, promise_callback
from tellonce.modules.phone.actions.calls import load_calls, remove_calls_of
from tellonce.modules.phone.actions.desk_phones import (
    REALM,
    PhoneSignIn,
    give_phone,
    let_phone_pick_up,
    take_calls_in_browser,
    take_calls_on_phone,
    take_phone_back,
)
from tellonce.modules.phone.actions.following_up import call_back, follow_up
from tellonce.modules.phone.actions.privacy import forget, merged, personal_data
from tellonce.modules.phone.actions.queues import add_queue, bring_back_queue, change_queue, retire_queue
from tellonce.modules.phone.actions.recordings import keep_recording
from tellonce.modules.phone.actions.retention import expire
from tellonce.modules.phone.actions.rules import set_rules
from tellonce.modules.phone.actions.skills import set_skills
from tellonce.modules.phone.actions.staffing import MENU_KEYS, set_menu, staff_queue
from tellonce.modules.phone.actions.written import queue_contact

__all__ = [
    "MENU_KEYS",
    "REALM",
    "CallTerms",
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
    "let_phone_pick_up",
    "load_calls",
    "merged",
    "personal_data",
    "promise_callback",
    "queue_contact",
    "remove_calls_of",
    "retire_queue",
    "set_menu",
    "set_rules",
    "set_skills",
    "staff_queue",
    "take_calls_in_browser",
    "take_calls_on_phone",
    "take_phone_back",
]
