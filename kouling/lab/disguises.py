"""All disguises by name, and how they are put on one over the other.

A disguise takes a source of random bytes, a text and its labelled codes, and returns both
disguised. The same bytes give the same disguise; the labels are substrings of the new text.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from kouling.errors import InvalidInput
from kouling.ids import RandomBytes
from kouling.lab import alphabets, inserting, linking, mending, rearranging, writing
from kouling.lab.snippets import Snippets, cut, labels_of, text_of

Change = Callable[[RandomBytes, Snippets], Snippets]

chain_length_max = 8
"""Disguises that may be joined by + in one name."""


class Disguise(NamedTuple):
    """A way to write a share code so that people still read it: `summary` says how."""

    name: str
    summary: str
    change: Change

    def __call__(
        self, random: RandomBytes, text: str, codes: Iterable[str]
    ) -> tuple[str, tuple[str, ...]]:
        """Return the text and its labelled codes, disguised; unchanged if it does not fit them."""
        snippets = self.change(random, cut(text, codes))
        return text_of(snippets), labels_of(snippets)


def find_disguise(name: str) -> Disguise:
    """Return a disguise by its name, or several of them joined: `zero_width+full_width`.

    They are put on from left to right. Raises InvalidInput for a name that is unknown.
    """
    parts = [_known(part) for part in name.split("+")]
    if len(parts) > chain_length_max:
        hint = f"join at most {chain_length_max}"
        raise InvalidInput(f"{len(parts)} disguises are joined in one name", hint=hint)
    if len(parts) == 1:
        return parts[0]
    summary = " Then: ".join(part.summary for part in parts)
    return Disguise(name, summary, partial(_one_after_another, parts=parts))


def reference() -> str:
    """Return the table of all disguises, in Markdown, as the guide shows it."""
    rows = (f"| `{disguise.name}` | {disguise.summary} |" for disguise in all_disguises.values())
    return "\n".join(("| disguise | what it does |", "|---|---|", *rows))


def _known(name: str) -> Disguise:
    if found := all_disguises.get(name.strip()):
        return found
    near = difflib.get_close_matches(name, all_disguises, n=3, cutoff=0.5)
    known = f"near it: {', '.join(near)}" if near else f"known: {', '.join(all_disguises)}"
    raise InvalidInput(f"disguise {name!r:.60} is unknown", hint=known)


def _one_after_another(
    random: RandomBytes, snippets: Snippets, *, parts: list[Disguise]
) -> Snippets:
    for part in parts:
        snippets = part.change(random, snippets)
    return snippets


def _all() -> Iterator[Disguise]:
    yield from _named(
        inserting.zero_width,
        inserting.bidi,
        rearranging.bidi_override,
        inserting.tag_characters,
        inserting.variation_selectors,
        inserting.hangul_filler,
        inserting.combining,
    )
    yield _filled("soft_hyphen", "A soft hyphen between all characters.", "\u00ad")
    yield _filled("braille_blank", "An empty Braille pattern between all characters.", "\u2800")
    yield from _named(writing.full_width)
    yield from _alphabets()
    yield from _named(
        writing.squared,
        writing.regional_indicator,
        writing.chinese_digits,
        writing.mixed_alphabets,
    )
    yield from _separators()
    yield from _named(inserting.emoji_between, inserting.han_filler_between)
    yield from _named(inserting.vertical, inserting.split_link)
    yield _described("reversed", rearranging.backwards)
    yield from _named(
        rearranging.other_wrapper,
        rearranging.delimiter_swap,
        rearranging.delimiter_drop,
        rearranging.code_fence,
        rearranging.split_over_comments,
        linking.dot_swap,
        linking.dot_word,
        linking.scheme_removal,
        linking.spaced_scheme,
        linking.defang,
        linking.percent_encoding,
        linking.user_info,
        linking.backslashes,
        rearranging.leetspeak,
    )
    yield _described("homophones", rearranging.other_spelling)
    yield from _named(
        mending.one_break,
        mending.inserted_words,
        mending.uneven_han,
        mending.uneven_emoji,
        mending.named_parts,
        mending.placeholder,
        mending.swapped_halves,
        mending.spread_capitals,
    )


def _named(*changes: Change) -> Iterator[Disguise]:
    return (_described(getattr(change, "__name__", ""), change) for change in changes)


def _described(name: str, change: Change) -> Disguise:
    """Take what a disguise does from the one line that documents its function."""
    return Disguise(name, inspect.getdoc(change) or "", change)


def _filled(name: str, summary: str, filler: str, every: int = 1) -> Disguise:
    return Disguise(name, summary, partial(inserting.invisible, filler=filler, every=every))


def _alphabets() -> Iterator[Disguise]:
    rows = (
        ("mathematical_bold", alphabets.mathematical_bold, "Mathematical bold characters: 𝐚."),
        ("mathematical_script", alphabets.mathematical_script, "Mathematical script: 𝓪."),
        ("mathematical_monospace", alphabets.mathematical_monospace, "Mathematical monospace: 𝚊."),
        ("enclosed", alphabets.enclosed, "Circled letters and digits: ⓐ."),
        ("superscript", alphabets.superscript, "Raised letters and digits: ᵃ."),
        ("small_caps", alphabets.small_caps, "Small capitals for small letters: ᴀ."),
        ("flipped", alphabets.flipped, "Upside-down letters and digits: ɐ."),
        ("emoji_digits", alphabets.emoji_digits, "Digits as keycap emoji: 1️⃣."),
        ("homoglyph_cyrillic", alphabets.cyrillic, "Look-alikes from Cyrillic."),
        ("homoglyph_greek", alphabets.greek, "Look-alikes from Greek."),
        ("homoglyph_armenian", alphabets.armenian, "Look-alikes from Armenian."),
    )
    for name, alphabet, summary in rows:
        yield Disguise(name, summary, partial(writing.written_in, alphabet=alphabet))
    cherokee = partial(writing.written_in_capitals, alphabet=alphabets.cherokee)
    yield Disguise("homoglyph_cherokee", "Look-alikes of capitals from Cherokee.", cherokee)


def _separators() -> Iterator[Disguise]:
    rows = {
        "space": ("A space", " "),
        "wide_space": ("An ideographic space", "\u3000"),
        "dot": ("A dot", "."),
        "dash": ("A dash", "-"),
        "slash": ("A slash", "/"),
        "underscore": ("An underscore", "_"),
        "tilde": ("A tilde", "~"),
        "asterisk": ("An asterisk", "*"),
        "middle_dot": ("A middle dot", "·"),
        "pipe": ("An upright stroke", "|"),
        "comma": ("A Chinese comma", "，"),
    }
    for name, (what, sign) in rows.items():
        where = "; not in links" if sign in inserting.url_characters else ""
        summary = f"{what} between all characters{where}."
        change = partial(inserting.separated, separator=sign)
        yield Disguise(f"separator_{name}", summary, change)
    thirds = partial(inserting.separated, separator=" ", every=3)
    yield Disguise("space_every_3", "A space after every third character.", thirds)
    summary = "A zero-width space after every third character."
    yield _filled("zwsp_every_3", summary, "\u200b", 3)


all_disguises: dict[str, Disguise] = {disguise.name: disguise for disguise in _all()}
"""Every disguise by its name, in the order of the guide."""
