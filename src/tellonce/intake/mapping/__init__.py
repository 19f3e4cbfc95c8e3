"""Mappings: which columns of a file become which fields, in TOML, strictly checked."""

from tellonce.intake.mapping.loading import Shipped, find_mapping, mapping_from, read_mapping, shipped_mappings
from tellonce.intake.mapping.model import Mapping

__all__ = ["Mapping", "Shipped", "find_mapping", "mapping_from", "read_mapping", "shipped_mappings"]
