"""The regexes that make a text worth a closer look.

They run over folded text in one automaton, so they may be many; each must be rare in ordinary
text, and wide enough that nothing the detectors could find goes by. Their syntax is what both
Hyperscan and RE2 read; none may match a newline.
"""

from __future__ import annotations

import re

from kouling.fold import fold
from kouling.gate.text.packs import Family, Pack
from kouling.gate.text.reading import numerals
from kouling.gate.text.wording import filler

_change = "(?:[a-z][A-Z0-9]|[0-9][A-Za-z]|[A-Z][0-9])"

tokens = (
    f"{_change}[A-Za-z0-9]{{5}}",
    *(f"[A-Za-z0-9]{{{before}}}{_change}[A-Za-z0-9]{{{5 - before}}}" for before in range(1, 5)),
    f"[A-Za-z0-9]{{5}}{_change}",
)
"""Seven letters and digits in a row with a change of case or to digits among them."""

addresses = (
    r"(?i)h(?:tt|xx)ps?[ ]?[:/\\]",
    r"(?i)https?%3a",
    r"//[ ]?[A-Za-z0-9_-]{1,63}[ ]?(?:[.。·•⋅‧・点\[({<]|dot)",
    r"[A-Za-z0-9][.。·•⋅‧・][A-Za-z]{2,10}[/?]",
    r"(?i)[a-z0-9](?:[.。·•⋅‧・]|[ ]?[\[({<][ ]?(?:\.|dot|点|。)[ ]?[\])}>][ ]?|[ ]dot[ ]|点)"
    r"(?:com|cn|net|org|tv|co|cc|me|io|vip|top|xyz|shop|app|link|hk)",
    r"(?i)[a-z0-9][ ]?[\[({<][ ]?(?:\.|dot|点|。)[ ]?[\])}>]",
    r"(?i)ptth",
    r"(?i)[(\[{<]slash[)\]}>]|斜杠|斜线",
    r"[A-Za-z0-9.](?:<[A-Za-z/ ]{1,10}>|\[[A-Za-z/]{1,10}\]|&[a-z#0-9]{3,6};){1,2}"
    r"[.]?[A-Za-z]{1,10}[./]",
    r"[A-Za-z0-9]\\[.][A-Za-z0-9]",
    "[\u2600-\u27bf\U0001f300-\U0001faffぁ-ヺ][.](?:[A-Za-z]{2,10}|みんな|コム|ストア|世界)/[A-Za-z0-9]",
    r"(?:%[0-9A-Fa-f]{2}){2}",
)
"""Signs of an address, defanged and disguised ones among them."""

_one, _few, _piece = "[A-Za-z0-9]", "[A-Za-z0-9]{1,2}", "[A-Za-z0-9]{1,4}"
_some = "[A-Za-z0-9]{0,2}"
_apart = "[^A-Za-z0-9\n]{1,3}"
_steps = tuple(
    f"[A-Za-z0-9]?{before}{_apart}{after}[A-Za-z0-9]?"
    for before, after in (("[a-z]", "[A-Z0-9]"), ("[0-9]", "[A-Za-z]"), ("[A-Z]", "[0-9]"))
)

torn_singly = (
    r"(?:[!-~][^!-~\n]{1,3}){6}[!-~]",
    r"(?:[A-Za-z0-9][^A-Za-z0-9\n]{1,3}){6}[A-Za-z0-9]",
)
"""Letters, digits and signs with something between them at every step."""

# What begins with any sign at all, to see where a piece begins, takes twice the time of the rest.
torn_rows = (
    _apart.join((_change + _some, _piece, _one)),
    _apart.join((_one, _some + _change + _some, _one)),
    _apart.join((_one, _piece, _some + _change)),
    *(_apart.join((step, _few, _few, _one)) for step in _steps),
    *(_apart.join((_one, step, _few, _one)) for step in _steps),
    *(_apart.join((_one, _few, step, _one)) for step in _steps),
    *(_apart.join((_one, _few, _few, step)) for step in _steps),
)
"""Short pieces of letters and digits of which one is no word and no number; or very short ones that
change from one kind to another."""


respelt = (f"[A-Za-z0-9][{numerals}]{{1,4}}[A-Za-z0-9]", "[ɐ-ʯ]")
"""Chinese digits among letters, and flipped letters."""

_letter = "[1-9A-HJ-NP-Za-km-z]"
_gap = "[^0-9A-Za-z\n一-鿿]{0,8}"


def _mixed(gap: str) -> str:
    """Return a regex for a change of case or to digits, over what the gap matches."""
    small, large, digit = "[a-km-z]", "[A-HJ-NP-Z]", "[1-9]"
    changes = ((small, large), (small, digit), (digit, large), (digit, small), (large, digit))
    return "(?:" + "|".join(f"{one}{gap}{other}" for one, other in changes) + ")"


_brackets = (f"〖{_gap}{_letter}", f"{_letter}{_gap}〗")

own_codes = (
    f"{_mixed('')}(?:{_gap}{_letter}){{5}}",
    f"(?:{_letter}{_gap}){{5}}{_mixed('')}",
    *_brackets,
)
"""Half of one of our codes, in pieces of any size that are no words; or beside its brackets."""

own_code_signs = ("|".join((_mixed(""), *_brackets)), "|".join((_mixed(_gap), *_brackets)))
"""What a piece of one has in a text that is looked at anyway; and in one that asks to be copied."""

torn_links = (
    *torn_singly,
    r"(?:[!-~]{2}[^!-~\n]){3}[!-~]{2}",
    r"(?:[!-~]{3}[^!-~\n]){2}[!-~]{2}",
    r"(?:[!-~]{4}[^!-~\n]){2}[!-~]{2}",
    r"(?:[A-Za-z0-9]{2}[-*_|/~+.]){4}[A-Za-z0-9]",
    r"(?:[A-Za-z0-9]{3}[-*_|/~+.]){2}[A-Za-z0-9]{2}",
    r"(?:[A-Za-z0-9]{4}[-*_|/~+.]){2}[A-Za-z0-9]{2}",
    r"(?:[!-~]{2}[-*_|/~+.,;:'=&^#!]){4}[!-~]",
    r"(?:[!-~]{3}[-*_|/~+.,;:'=&^#!]){3}[!-~]",
    r"(?:[!-~]{4}[-*_|/~+.,;:'=&^#!]){3}[!-~]",
)
"""The same for a text that is looked at anyway, of any pieces: links have signs of their own."""

_han = re.compile("[一-鿿]")
_sign = "[$¢£¤¥฿₠-₿]"
_letter_near = "[0-9]{0,6}[^\n]{0,6}[A-Za-z]"

pieces = (
    f"{_sign}{_letter_near}[^\n]{{4,60}}{_sign}",
    rf"[(]{_letter_near}[^\n]{{4,60}}[)]/",
)
"""Letters between two signs that may be the pieces of one code."""

app_path = r"#[^#/:\n]{2,32}:[ ]?/"
"""The beginning of a path inside an app."""


def triggers_of(pack: Pack) -> tuple[str, ...]:
    """Return the triggers for a pack."""
    return (
        *tokens,
        *addresses,
        *torn_singly,
        *torn_rows,
        *own_codes,
        *telling_of(pack),
        *mending_words_of(pack),
        *pack.markers,
        *patterns_of(pack),
    )


def telling_of(pack: Pack) -> tuple[str, ...]:
    """Return the triggers that are no signs, but make a text worth reading whatever else it has."""
    return (*respelt, *pieces, *words_of(pack))


Sign = str | int
"""What a trigger is a sign of; a number is the place of a family's pattern in `codes_of`."""


def signs_of(pack: Pack) -> tuple[tuple[Sign, str], ...]:
    """Return what to look for in a text that is looked at anyway, as signs with their triggers."""
    return (
        *(("address", trigger) for trigger in addresses),
        *(("marker", trigger) for trigger in pack.markers),
        ("app path", app_path),
        *((place, regex) for place, (regex, _, _) in enumerate(codes_of(pack))),
    )


def codes_of(pack: Pack) -> list[tuple[str, tuple[str, ...], Family]]:
    """Return the families' patterns: the regex, the wording it needs, the family."""
    return [
        (pattern.regex, pattern.needs, family)
        for family in pack.families
        for pattern in family.patterns
    ]


def patterns_of(pack: Pack) -> tuple[str, ...]:
    """Return the triggers for codes that the families' patterns find, and for app paths."""
    return (app_path, *(regex for regex, _, _ in codes_of(pack)))


def words_of(pack: Pack) -> tuple[str, ...]:
    """Return the triggers for wording that may stand beside a code without a token."""
    phrases = dict.fromkeys(
        spelled(phrase, pack) if _han.search(phrase) else _plain(phrase)
        for kind in ("copy", "passphrase", "invite")
        for phrase in pack.wording.get(kind, ())
    )
    search, enter = spelled("搜", pack), spelled("输入", pack)
    return (
        *phrases,
        f'(?:{search}|{enter})[^\n]{{0,8}}(?:["“「『【《\\[<]|[0-9]{{5}})',
        f"{search}[^\n]{{2,20}}领",
    )


def mending_words_of(pack: Pack) -> tuple[str, ...]:
    """Return the triggers for wording that says how to mend a code, beside what it mends."""
    piece = "[A-Za-z0-9]{2}"
    gap = "[^A-Za-z0-9\n]"
    forms = (
        ("remove", f"{piece}{gap}{{0,10}}(?:PHRASE){gap}{{0,8}}{piece}"),
        ("remove", "[A-Za-z0-9][^A-Za-z0-9\n]{1,4}[A-Za-z0-9][^\n]{0,40}(?:PHRASE)"),
        ("remove", "(?:PHRASE)[^\n]{0,40}[A-Za-z0-9][^ -~\n]{1,4}[A-Za-z0-9]"),
        ("join", "(?:PHRASE)"),  # with the parts before it, it takes half the time of all others
        ("first_part", f"(?:PHRASE){gap}{{0,8}}{piece}[A-Za-z0-9]{{0,16}}{gap}{{0,8}}(?:LAST)"),
        ("last_part", f"(?:PHRASE){gap}{{0,8}}{piece}[A-Za-z0-9]{{0,16}}{gap}{{0,8}}(?:FIRST)"),
        ("swap", f"{piece}[^A-Za-z0-9\n]{{1,6}}{piece}[^\n]{{1,60}}(?:PHRASE)"),
        ("stands_for", "[^A-Za-z0-9 \n][ ]?(?:PHRASE)[ ]?[A-Za-z0-9](?:[^A-Za-z0-9.]|$)"),
    )
    words = {kind: _phrases_of(pack, kind) for kind in pack.wording}
    first, last = words.get("first_part", ""), words.get("last_part", "")
    return tuple(
        form.replace("PHRASE", words[kind]).replace("LAST", last).replace("FIRST", first)
        for kind, form in forms
        if words.get(kind) and ((first and last) or "part" not in kind)
    )


def _phrases_of(pack: Pack, kind: str) -> str:
    """Return a regex for any phrase of a kind that a text may be looked at for."""
    phrases = pack.wording[kind]
    if kind == "stands_for":
        # `is` and its like stand before single letters everywhere; a sign's name is rarer.
        phrases = tuple(one for one in phrases if one == "=" or len(one.strip()) > 2 or "->" in one)
    return "|".join(map(_plain, phrases))


def _plain(phrase: str) -> str:
    """Return a regex for a phrase in either case, as it is usually spelt."""
    return "".join(
        f"[{letter.upper()}{letter}]" if "a" <= letter <= "z" else re.escape(letter)
        for letter in fold(phrase).folded.text.lower()
    )


def spelled(phrase: str, pack: Pack) -> str:
    """Return a regex for a phrase with homophones and split characters."""
    return filler.join(_one_of(character, pack) for character in fold(phrase).folded.text)


def _one_of(character: str, pack: Pack) -> str:
    others = pack.spellings.get(character, "")
    cases = {character.lower(), character.upper()} if character.isascii() else {character}
    return "[" + "".join(re.escape(each) for each in sorted(cases | set(others))) + "]"
