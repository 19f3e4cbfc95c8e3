"""Bills, charges, disputes, credits, and the watch over what was put right."""
