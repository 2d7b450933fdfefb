"""The interest feed: what likes speak for, how a page is drafted of it, whom an item reaches.

`follow` keeps the state of all likes, `refit` fits its model anew, `draft` makes pages from it
and `mix` puts them together, `reach` answers the other way round: from an item to people.
"""

from kouling.deliver.feed.draft import Feed
from kouling.deliver.feed.follow import LiveLikes
from kouling.deliver.feed.reach import reach_of

__all__ = ["Feed", "LiveLikes", "reach_of"]
