"""Policies: YAML in, checked rules out; their conditions in CEL, and what they need looked into."""
