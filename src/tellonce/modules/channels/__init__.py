"""Messages to and from customers; here outgoing mail."""
