"""`kouling gate`: decide on items before anyone sees them."""
