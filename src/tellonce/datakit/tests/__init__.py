"""Tests of datakit."""
