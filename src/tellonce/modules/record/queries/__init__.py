"""What the record is asked."""

from tellonce.modules.record.queries.alike import (
    AFTER_ALL,
    customers_by_word,
    edits,
    words_alike,
)
from tellonce.modules.record.queries.cards import (
    ask_card,
    card,
)
from tellonce.modules.record.queries.finding import (
    find_by_mail,
    find_by_phone,
)
from tellonce.modules.record.queries.flags import (
    flagged,
    has_flag,
)
from tellonce.modules.record.queries.for_learning import (
    CustomerRow,
    DeviceRow,
    MomentRow,
    ServiceRow,
    StayRow,
    all_customers,
    all_devices,
    all_services,
    area_parents,
    cycle_days,
    moments_of_kinds,
    stays,
)
from tellonce.modules.record.queries.identity import (
    Identity,
    customer,
    identity,
    other_side,
    read_with_identity,
    roots,
    same_customer_ids,
    split_away,
)
from tellonce.modules.record.queries.looks import (
    CANDIDATES,
    Hit,
    Look,
    begins,
    documents,
    ends,
    exact,
    hits_of,
    inside_phone,
    rows,
)
from tellonce.modules.record.queries.naming import (
    names_of,
)
from tellonce.modules.record.queries.outside import (
    customer_ids_by_account,
    customer_ids_by_external_id,
    customers_page,
    exported_customers,
    exported_moments,
    external_ids_of_accounts,
)
from tellonce.modules.record.queries.places import (
    area_path,
    area_tree,
    areas,
    areas_below,
    customers_in_area,
)
from tellonce.modules.record.queries.privacy import (
    DEFAULT_DAYS,
    erasures,
    everything_of,
    moments_of,
    plain_rows,
    retention_days,
    rows_of,
)
from tellonce.modules.record.queries.searching import (
    search,
)
from tellonce.modules.record.queries.stories import (
    as_tsquery,
    ask_story_page,
    moments,
    search_stories,
    story_page,
)
from tellonce.modules.record.queries.wanted import (
    Wanted,
    read_wanted,
)

__all__ = [
    "AFTER_ALL",
    "CANDIDATES",
    "DEFAULT_DAYS",
    "CustomerRow",
    "DeviceRow",
    "Hit",
    "Identity",
    "Look",
    "MomentRow",
    "ServiceRow",
    "StayRow",
    "Wanted",
    "all_customers",
    "all_devices",
    "all_services",
    "area_parents",
    "area_path",
    "area_tree",
    "areas",
    "areas_below",
    "as_tsquery",
    "ask_card",
    "ask_story_page",
    "begins",
    "card",
    "customer",
    "customer_ids_by_account",
    "customer_ids_by_external_id",
    "customers_by_word",
    "customers_in_area",
    "customers_page",
    "cycle_days",
    "documents",
    "edits",
    "ends",
    "erasures",
    "everything_of",
    "exact",
    "exported_customers",
    "exported_moments",
    "external_ids_of_accounts",
    "find_by_mail",
    "find_by_phone",
    "flagged",
    "has_flag",
    "hits_of",
    "identity",
    "inside_phone",
    "moments",
    "moments_of",
    "moments_of_kinds",
    "names_of",
    "other_side",
    "plain_rows",
    "read_wanted",
    "read_with_identity",
    "retention_days",
    "roots",
    "rows",
    "rows_of",
    "same_customer_ids",
    "search",
    "search_stories",
    "split_away",
    "stays",
    "story_page",
    "words_alike",
]
