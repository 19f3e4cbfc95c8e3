"""Which modules keep something about customers, in the order of the ladder, record first.

Each is a module with `personal_data`, `forget` and `merged` (see `record.contracts.PersonalData`); the record calls
them in one transaction. They are named here and imported at first use, since settings are read before the apps are.
"""

PERSONAL_DATA = (
    "tellonce.modules.record.actions",
    "tellonce.modules.care.actions",
    "tellonce.modules.channels.actions",
    "tellonce.modules.billing.actions",
    "tellonce.modules.field.actions",
    "tellonce.modules.phone.actions",
    "tellonce.intake.actions",
)
