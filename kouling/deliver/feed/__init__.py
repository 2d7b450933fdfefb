"""The interest feed: what it knows of likes, how a page of it is drafted, trials of new items."""
