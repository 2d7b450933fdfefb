"""The languages that Kouling speaks, and texts that are given in one or several of them."""

from __future__ import annotations

import enum
import re

import msgspec

from kouling.errors import InvalidInput

_latin = re.compile("[A-Za-z]+")
_han = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Language(enum.StrEnum):
    """A language by its tag (BCP 47), as in policies, `Accept-Language` and `--language`."""

    en = "en"
    zh = "zh"


class Texts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody wrote, in one language or several; a field a language, empty where it is not.

    Raises `InvalidInput` where it is in none.
    """

    en: str = ""
    zh: str = ""

    def __post_init__(self) -> None:
        """Check that there is a text."""
        if not (self.en or self.zh):
            raise InvalidInput("there is no text in any language", hint="write it in one of them")

    def language_for(self, reader: Language) -> Language:
        """Return the reader's language if there is a text in it, else one that there is."""
        if self.text_in(reader):
            return reader
        return Language.en if self.en else Language.zh

    def text_in(self, language: Language) -> str:
        """Return the text in a language; empty if it was not written in it."""
        return self.zh if language is Language.zh else self.en


def written(text: str) -> Texts:
    """Return a text as one in the language that it is written in.

    That is Chinese if it has more Han characters than words in Latin letters: a quoted name does
    not make the other language of a sentence.
    """
    is_chinese = len(_han.findall(text)) > len(_latin.findall(text))
    return Texts(zh=text) if is_chinese else Texts(en=text)
