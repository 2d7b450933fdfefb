"""Readers of pictures side by side, and known pictures that come back changed."""
