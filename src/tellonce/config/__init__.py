"""Settings, addresses, the embedded database: what wires the modules together."""
