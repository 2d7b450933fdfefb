"""What a fit costs as likes grow."""
