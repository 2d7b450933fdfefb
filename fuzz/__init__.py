"""Fuzzing of the gate."""
