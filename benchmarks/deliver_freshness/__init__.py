"""Likes between two fits: what they are worth, and how soon they act."""
