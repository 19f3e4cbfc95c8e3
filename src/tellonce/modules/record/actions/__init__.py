"""Everything that changes the record."""

from tellonce.modules.record.actions.bringing import (
    bring_up_to_date,
)
from tellonce.modules.record.actions.customers import (
    add_account,
    add_customer,
    add_person_of_record,
    customer_left,
    customer_returned,
    customer_to_change,
    end_person_of_record,
    rename_customer,
)
from tellonce.modules.record.actions.distribution import (
    distribute,
    distribution_sql,
)
from tellonce.modules.record.actions.flags import (
    end_flag,
    set_flag,
)
from tellonce.modules.record.actions.forgetting import (
    forget_record,
    forgotten_id,
)
from tellonce.modules.record.actions.having import (
    AS_IT_IS,
    add_device,
    add_service,
    change_service,
    end_device,
    end_service,
)
from tellonce.modules.record.actions.hiding import (
    HiddenCustomers,
    hide_customers_of,
    hide_moments_of,
)
from tellonce.modules.record.actions.loading import (
    load_customers,
)
from tellonce.modules.record.actions.loading_rows import (
    Batch,
    Ids,
    fill,
    take_ids,
    with_kept_values,
    write,
)
from tellonce.modules.record.actions.merging import (
    merge_customers,
    one_at_a_time,
    undo_merge,
)
from tellonce.modules.record.actions.places import (
    add_area,
    add_premise,
    move_in,
    move_out,
)
from tellonce.modules.record.actions.privacy import (
    ERASURES_FILE,
    complete_erasures_file,
    erase_customer,
    export_customer,
    forget,
    listed_erasures,
    merged,
    personal_data,
    reapply_erasures,
)
from tellonce.modules.record.actions.providers import (
    expirers,
    keepers,
)
from tellonce.modules.record.actions.reached import (
    add_contact_point,
    end_contact_point,
    kept_value,
)
from tellonce.modules.record.actions.retention import (
    apply_retention,
    expire,
    set_retention,
)
from tellonce.modules.record.actions.searching import (
    count_words,
    forget_words,
    index_customer,
    know_words,
    unindex_customers,
)
from tellonce.modules.record.actions.splitting import (
    SPLIT_KINDS,
    split_customer,
    undo_split,
)

__all__ = [
    "AS_IT_IS",
    "ERASURES_FILE",
    "SPLIT_KINDS",
    "Batch",
    "HiddenCustomers",
    "Ids",
    "add_account",
    "add_area",
    "add_contact_point",
    "add_customer",
    "add_device",
    "add_person_of_record",
    "add_premise",
    "add_service",
    "apply_retention",
    "bring_up_to_date",
    "change_service",
    "complete_erasures_file",
    "count_words",
    "customer_left",
    "customer_returned",
    "customer_to_change",
    "distribute",
    "distribution_sql",
    "end_contact_point",
    "end_device",
    "end_flag",
    "end_person_of_record",
    "end_service",
    "erase_customer",
    "expire",
    "expirers",
    "export_customer",
    "fill",
    "forget",
    "forget_record",
    "forget_words",
    "forgotten_id",
    "hide_customers_of",
    "hide_moments_of",
    "index_customer",
    "keepers",
    "kept_value",
    "know_words",
    "listed_erasures",
    "load_customers",
    "merge_customers",
    "merged",
    "move_in",
    "move_out",
    "one_at_a_time",
    "personal_data",
    "reapply_erasures",
    "rename_customer",
    "set_flag",
    "set_retention",
    "split_customer",
    "take_ids",
    "undo_merge",
    "undo_split",
    "unindex_customers",
    "with_kept_values",
    "write",
]
