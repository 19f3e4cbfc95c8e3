"""Phones in the browser: an asyncio process without the ORM between a browser's sound and the phone gateway."""
