"""TM Forum Open APIs, version 4: the industry's shapes over the same actions."""
