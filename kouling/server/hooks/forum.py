"""What Discourse reports of posts, as far as something is decided by it."""

from __future__ import annotations

import msgspec


class ForumMessage(msgspec.Struct):
    """A post in a topic; `raw` is what was written and `cooked` the HTML that is shown."""

    id: int
    topic_id: int
    user_id: int
    raw: str = ""
    cooked: str = ""
    post_number: int = 1
    version: int = 1


class ForumReport(msgspec.Struct):
    """What Discourse reports; a ping has no post."""

    post: ForumMessage | None = None
