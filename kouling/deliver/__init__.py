"""Deliver: a viewer becomes a page of items that it may see."""

from kouling.deliver.page import ask_page
from kouling.deliver.records import Page, Place
from kouling.deliver.table import (
    add_follow,
    add_friendship,
    add_impressions,
    add_like,
    add_member,
    carriers,
    follow_table,
    impression_table,
    like_table,
    read_page,
    visible_among,
)

__all__ = [
    "Page",
    "Place",
    "add_follow",
    "add_friendship",
    "add_impressions",
    "add_like",
    "add_member",
    "ask_page",
    "carriers",
    "follow_table",
    "impression_table",
    "like_table",
    "read_page",
    "visible_among",
]
