"""The commands' work that needs Django; loaded by `cli.inside.loaded` once the settings are known."""
