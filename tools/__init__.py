"""Scripts that build tables and pages from their sources, and make a release."""
