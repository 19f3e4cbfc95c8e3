"""The made-up provider of the demo: its own rules, never the product's."""
