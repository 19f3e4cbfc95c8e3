"""Phone: queues, and what became of every call."""
