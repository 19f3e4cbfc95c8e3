"""Writes of staff: people, places, sessions, the lock-out and the access log."""

from tellonce.modules.staff.actions.access import forget_old_entries, forget_words, log_search, log_view
from tellonce.modules.staff.actions.changes import note_change
from tellonce.modules.staff.actions.lock_out import begin_try, clear_tries, refuse_if_locked_out
from tellonce.modules.staff.actions.people import (
    LastAdministratorError,
    PersonFields,
    add_person,
    change_own_settings,
    change_person,
    fields_of,
    new_sign_in_key,
    reset_second_factors,
    set_active,
    set_password,
)
from tellonce.modules.staff.actions.places import (
    add_department,
    add_holiday,
    add_partner,
    add_site,
    add_team,
    change_department,
    change_site,
    change_team,
    remove_holiday,
    set_open_hours,
)
from tellonce.modules.staff.actions.sessions import announce_sign_out, end_sessions

__all__ = [
    "LastAdministratorError",
    "PersonFields",
    "add_department",
    "add_holiday",
    "add_partner",
    "add_person",
    "add_site",
    "add_team",
    "announce_sign_out",
    "begin_try",
    "change_department",
    "change_own_settings",
    "change_person",
    "change_site",
    "change_team",
    "clear_tries",
    "end_sessions",
    "fields_of",
    "forget_old_entries",
    "forget_words",
    "log_search",
    "log_view",
    "new_sign_in_key",
    "note_change",
    "refuse_if_locked_out",
    "remove_holiday",
    "reset_second_factors",
    "set_active",
    "set_open_hours",
    "set_password",
]
