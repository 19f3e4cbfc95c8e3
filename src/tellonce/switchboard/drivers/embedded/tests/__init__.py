"""Tests of the embedded phone driver."""
