"""The administrator's pages of imports."""
