"""How well the feed finds likes, beside popularity, EASE and implicit ALS."""
