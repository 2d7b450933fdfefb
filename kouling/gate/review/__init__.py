"""Review: what waits for a person, what it is decided to be, and pictures looked into again."""
