"""The languages that Kouling speaks, and texts that are given in one or several of them."""

from __future__ import annotations

import enum


class Language(enum.StrEnum):
    """A language by its tag (BCP 47), as in policies, `Accept-Language` and `--language`."""

    en = "en"
    zh = "zh"
