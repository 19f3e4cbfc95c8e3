"""Story events to server-sent events: an asyncio process without the ORM."""
