"""Everything that changes what billing keeps."""

from tellonce.modules.billing.actions.agreed import (
    keep_orders,
    note_traffic,
)
from tellonce.modules.billing.actions.announcing import (
    bills_arrived,
)
from tellonce.modules.billing.actions.answering import (
    answer_what_came_back,
)
from tellonce.modules.billing.actions.arriving import MissingCredit, missing_on
from tellonce.modules.billing.actions.bills import (
    BillsLoaded,
    load_bills,
    put_asked_bill,
)
from tellonce.modules.billing.actions.causes import (
    CauseRule,
    leave_out,
    look_for_accounts,
    open_cause,
    set_cause,
    settle_cause,
    take_in,
)
from tellonce.modules.billing.actions.changing import (
    change_watch,
)
from tellonce.modules.billing.actions.checking import (
    HeldLine,
    check_bill,
    check_bills,
)
from tellonce.modules.billing.actions.copying import (
    BILL_COLUMNS,
    CHARGE_COLUMNS,
    PAYMENT_COLUMNS,
    complete_bills,
    copy_bills,
    copy_charges,
    copy_payments,
    older_than_known,
    remove_bills,
    tell_of_bills,
    withdraw_bills,
)
from tellonce.modules.billing.actions.correcting import (
    approve_correction,
    ask_correction,
    refuse_correction,
    run_correction,
)
from tellonce.modules.billing.actions.credits import (
    credit_account,
    give_credit,
)
from tellonce.modules.billing.actions.disputes import (
    LineAsked,
    decide_dispute,
    raise_dispute,
    withdraw_dispute,
)
from tellonce.modules.billing.actions.ending import (
    cancel_credit,
    pay_out_credit,
)
from tellonce.modules.billing.actions.findings import (
    confirm_finding,
    dismiss_finding,
    record_findings,
)
from tellonce.modules.billing.actions.from_checks import (
    Checked,
    Recorded,
    record_checked,
)
from tellonce.modules.billing.actions.limits import (
    set_limits,
    set_rule,
)
from tellonce.modules.billing.actions.orders import (
    take_orders,
)
from tellonce.modules.billing.actions.pricing import (
    note_device_events,
    set_prices,
)
from tellonce.modules.billing.actions.privacy import (
    forget,
    merged,
    personal_data,
)
from tellonce.modules.billing.actions.retention import (
    expire,
)
from tellonce.modules.billing.actions.ruling import (
    credit_by_rule,
    credit_missed_visit,
    promise_source,
)
from tellonce.modules.billing.actions.seconding import (
    grant_credit,
    refuse_credit,
)
from tellonce.modules.billing.actions.stuck import (
    find_stuck_credits,
)
from tellonce.modules.billing.actions.undoing import (
    TakenAway,
    remove_billing_of,
)
from tellonce.modules.billing.actions.watching import (
    begin_watch,
)
from tellonce.modules.billing.contracts import WatchRule

__all__ = [
    "BILL_COLUMNS",
    "CHARGE_COLUMNS",
    "PAYMENT_COLUMNS",
    "BillsLoaded",
    "CauseRule",
    "Checked",
    "HeldLine",
    "LineAsked",
    "MissingCredit",
    "Recorded",
    "TakenAway",
    "WatchRule",
    "answer_what_came_back",
    "approve_correction",
    "ask_correction",
    "begin_watch",
    "bills_arrived",
    "cancel_credit",
    "change_watch",
    "check_bill",
    "check_bills",
    "complete_bills",
    "confirm_finding",
    "copy_bills",
    "copy_charges",
    "copy_payments",
    "credit_account",
    "credit_by_rule",
    "credit_missed_visit",
    "decide_dispute",
    "dismiss_finding",
    "expire",
    "find_stuck_credits",
    "forget",
    "give_credit",
    "grant_credit",
    "keep_orders",
    "leave_out",
    "load_bills",
    "look_for_accounts",
    "merged",
    "missing_on",
    "note_device_events",
    "note_traffic",
    "older_than_known",
    "open_cause",
    "pay_out_credit",
    "personal_data",
    "promise_source",
    "put_asked_bill",
    "raise_dispute",
    "record_checked",
    "record_findings",
    "refuse_correction",
    "refuse_credit",
    "remove_billing_of",
    "remove_bills",
    "run_correction",
    "set_cause",
    "set_limits",
    "set_prices",
    "set_rule",
    "settle_cause",
    "take_in",
    "take_orders",
    "tell_of_bills",
    "withdraw_bills",
    "withdraw_dispute",
]
