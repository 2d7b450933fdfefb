"""Contracts: what several doors of the house must answer alike."""
