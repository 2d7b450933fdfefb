"""How well the interest model finds likes, beside popularity, EASE and implicit ALS."""
