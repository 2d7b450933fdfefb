"""A sale's life: which report of it stands, and which entries follow; pure."""
