"""The workspace: desk, day, customers and cases."""
