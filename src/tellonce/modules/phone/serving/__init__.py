"""What the switchboard needs of the house: its journal and its directory. It runs in a process of its own."""
