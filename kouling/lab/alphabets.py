"""Other ways to write Latin letters and digits: plain character → disguised one.

A character that has no counterpart, or only an ambiguous one (an upside-down b is a q), is
left out and stays as it is.
"""

from __future__ import annotations

from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

Alphabet = dict[str, str]


def _row(plain: str, disguised: str) -> Alphabet:
    return dict(zip(plain, disguised, strict=True))


def _run(plain: str, first: int) -> Alphabet:
    """Return an alphabet whose characters follow one another from a code point on."""
    return {character: chr(first + place) for place, character in enumerate(plain)}


full_width: Alphabet = {chr(point): chr(point + 0xFEE0) for point in range(0x21, 0x7F)}
mathematical_bold: Alphabet = _run(ascii_uppercase + ascii_lowercase, 0x1D400) | _run(
    digits, 0x1D7CE
)
mathematical_script: Alphabet = _run(ascii_uppercase + ascii_lowercase, 0x1D4D0) | _run(
    digits, 0x1D7D8
)
mathematical_monospace: Alphabet = _run(ascii_uppercase + ascii_lowercase, 0x1D670) | _run(
    digits, 0x1D7F6
)
enclosed: Alphabet = (
    _run(ascii_uppercase, 0x24B6) | _run(ascii_lowercase, 0x24D0) | _row(digits, "⓪①②③④⑤⑥⑦⑧⑨")
)
squared: Alphabet = _run(ascii_uppercase, 0x1F130)
squared_black: Alphabet = _run(ascii_uppercase, 0x1F170)
regional_indicator: Alphabet = _run(ascii_uppercase, 0x1F1E6)
superscript: Alphabet = (
    _row(digits, "⁰¹²³⁴⁵⁶⁷⁸⁹")
    | _row("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
    | _row("ABDEGHIJKLMNOPRTUVW", "ᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ")
)
small_caps: Alphabet = _row("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ")
flipped: Alphabet = (
    _row("acefghijkmrtvwy", "ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ")
    | _row("ABCDEFGJKLPRTUVY", "∀𐐒ƆᗡƎℲ⅁ſ⋊˥Ԁᴚ⊥∩Λ⅄")
    | _row("123457", "ƖᄅƐㄣϛㄥ")
)
chinese_digits: Alphabet = _row(digits, "零一二三四五六七八九")
banker_digits: Alphabet = _row(digits, "零壹贰叁肆伍陆柒捌玖")
emoji_digits: Alphabet = {digit: f"{digit}\ufe0f\u20e3" for digit in digits}
cyrillic: Alphabet = _row("aceopxyijshdqw", "асеорхуіјѕһԁԛԝ") | _row(
    "ABCEHIJKMOPSTXY3", "АВСЕНІЈКМОРЅТХУЗ"
)
greek: Alphabet = _row("aiknoptuvwxy", "αικηορτυνωχγ") | _row("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
cherokee: Alphabet = _row("ABCDEGHJKLMPRSTVWYZ", "ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᎩᏃ") | _row("bh4", "ᏏᏂᏎ")
armenian: Alphabet = _row("ghjnoquw", "ցհյոօզսա") | _row("LOSU", "ԼՕՏՍ")
leet: Alphabet = _row("aeiostbgAEIOSTBG", "4310578943105789")
alphabets_mixed: tuple[Alphabet, ...] = (
    full_width,
    mathematical_bold,
    mathematical_script,
    mathematical_monospace,
    enclosed,
    cyrillic,
)
"""What `mixed_alphabets` draws from, character by character."""

latin: frozenset[str] = frozenset(ascii_letters + digits)
