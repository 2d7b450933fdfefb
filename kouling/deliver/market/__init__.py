"""The market: items found by words, and paid places among them."""
