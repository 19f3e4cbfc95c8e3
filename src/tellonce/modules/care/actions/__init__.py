"""Writes of care: one function, one transaction, one moment in the story."""

from tellonce.modules.care.actions.answers import add_answer, change_answer, retire_answer
from tellonce.modules.care.actions.attachments import (
    attach,
    refuse_too_large,
    sweep_attachments,
)
from tellonce.modules.care.actions.callers import (
    identify_by_code,
    identify_by_password,
    identify_by_photo,
    identify_by_questions,
    send_code,
)
from tellonce.modules.care.actions.case_shapes import (
    link_cases,
    merge_cases,
    put_below,
    split_case,
)
from tellonce.modules.care.actions.case_states import (
    add_contact_to_case,
    close_case,
    close_solved_cases,
    reopen_case,
    resume_case,
    solve_case,
    wait_case,
    wake_waiting_cases,
)
from tellonce.modules.care.actions.cases import (
    open_case,
    own_case,
)
from tellonce.modules.care.actions.contacts import (
    begin_contact,
    end_contact,
    note_told_wait,
    set_matter,
    take_contact,
    tell_again,
)
from tellonce.modules.care.actions.duties import (
    expire,
    forget,
    merged,
    owned,
    personal_data,
)
from tellonce.modules.care.actions.hand_overs import (
    hand_over,
    take_over,
)
from tellonce.modules.care.actions.hiding import hide_care_of
from tellonce.modules.care.actions.loading_cases import (
    load_cases,
    load_promises,
)
from tellonce.modules.care.actions.loading_contacts import (
    load_contacts,
)
from tellonce.modules.care.actions.loading_hand_overs import NewHandOver, load_hand_overs
from tellonce.modules.care.actions.matching import (
    match_by_rule,
    match_contact,
)
from tellonce.modules.care.actions.matters import (
    add_matter,
    bring_back_matter,
    lay_first_matters,
    move_matter,
    rename_matter,
    retire_matter,
)
from tellonce.modules.care.actions.notes import (
    add_note,
    write_customer,
)
from tellonce.modules.care.actions.passwords import set_caller_password, tell_of_change
from tellonce.modules.care.actions.promise_clock import (
    break_overdue_promises,
    own_up_for_us,
    remind_promises,
)
from tellonce.modules.care.actions.promises import (
    keep_promise,
    make_promise,
    own_up,
    withdraw_promise,
)
from tellonce.modules.care.actions.solving import (
    solve_contact,
)
from tellonce.modules.care.actions.writing import (
    drop_draft,
    leave_case,
    save_draft,
    view_case,
)

__all__ = [
    "NewHandOver",
    "add_answer",
    "add_contact_to_case",
    "add_matter",
    "add_note",
    "attach",
    "begin_contact",
    "break_overdue_promises",
    "bring_back_matter",
    "change_answer",
    "close_case",
    "close_solved_cases",
    "drop_draft",
    "end_contact",
    "expire",
    "forget",
    "hand_over",
    "hide_care_of",
    "identify_by_code",
    "identify_by_password",
    "identify_by_photo",
    "identify_by_questions",
    "keep_promise",
    "lay_first_matters",
    "leave_case",
    "link_cases",
    "load_cases",
    "load_contacts",
    "load_hand_overs",
    "load_promises",
    "make_promise",
    "match_by_rule",
    "match_contact",
    "merge_cases",
    "merged",
    "move_matter",
    "note_told_wait",
    "open_case",
    "own_case",
    "own_up",
    "own_up_for_us",
    "owned",
    "personal_data",
    "put_below",
    "refuse_too_large",
    "remind_promises",
    "rename_matter",
    "reopen_case",
    "resume_case",
    "retire_answer",
    "retire_matter",
    "save_draft",
    "send_code",
    "set_caller_password",
    "set_matter",
    "solve_case",
    "solve_contact",
    "split_case",
    "sweep_attachments",
    "take_contact",
    "take_over",
    "tell_again",
    "tell_of_change",
    "view_case",
    "wait_case",
    "wake_waiting_cases",
    "withdraw_promise",
    "write_customer",
]
