"""Base templates, components and page helpers; no business words."""
