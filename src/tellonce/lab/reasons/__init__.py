"""Why is this customer probably in touch: from what just happened to them to a probability for each matter."""

from tellonce.lab.reasons.facts import (
    NEVER,
    Asked,
    History,
    PastCase,
    PastContact,
    PastDevice,
    PastOutage,
    PastPromise,
    PastService,
    day_of,
)
from tellonce.lab.reasons.features import feature_names, features
from tellonce.lab.reasons.models import LogisticModel, Model, TreesModel, from_json, most_likely
from tellonce.lab.reasons.study import Example, Figures, Learned, Report, measure, study

__all__ = [
    "NEVER",
    "Asked",
    "Example",
    "Figures",
    "History",
    "Learned",
    "LogisticModel",
    "Model",
    "PastCase",
    "PastContact",
    "PastDevice",
    "PastOutage",
    "PastPromise",
    "PastService",
    "Report",
    "TreesModel",
    "day_of",
    "feature_names",
    "features",
    "from_json",
    "measure",
    "most_likely",
    "study",
]
