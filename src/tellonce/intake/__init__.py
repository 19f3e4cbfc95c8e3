"""Files in: readers, mappings, report, undo."""
