"""Plants for the rules on sentences for people."""

from __future__ import annotations

from tests.architecture.planted.plant import Plant, plants

PATH = "gate/detectors/scan.py"


def _f(body: str) -> str:
    return f"def f(one):\n    'Do it.'\n    {body}"


READ = plants(
    "sentences_read",
    PATH,
    (
        "how an element begins",
        _f("return one.evidence[0].startswith('between ')  #!"),
        _f("return one.evidence[0].kind == 'between'"),
    ),
    (
        "how any of them begins",
        _f("return any(words.startswith('between') for words in one.evidence)  #!"),
        _f("return any(each.kind in TELLING for each in one.evidence)"),
    ),
    (
        "one text made from another",
        _f("return one.memo.replace('estimated', 'settled')  #!"),
        _f("return one.text.replace('estimated', 'settled')"),
    ),
    (
        "a text under another name",
        _f("words = one.memo\n    return words.removeprefix('picture 1: ')  #!"),
        _f("words = one.code\n    return words.removeprefix('picture 1: ')"),
    ),
    (
        "a word in it",
        _f("return 'banned' in one.reason  #!"),
        _f("return one.reason in KNOWN"),
    ),
    (
        "a whole one",
        _f("return one.reason == 'newest first'  #!"),
        _f("return one.reason is Reason.newest"),
    ),
    (
        "a regex over it",
        "import re\n" + _f("return re.match('[0-9]', str(one.evidence[0]))  #!"),
        "import re\n" + _f("return re.match('[0-9]', one.text)"),
    ),
    (
        "what it is about, taken apart",
        _f("return one.about.strip().split(' ')  #!"),
        _f("return one.about"),
    ),
)

SHELLS_MAY = [
    Plant(
        "sentences_read",
        "a room where a shell may",
        {"insight/report.py": _f("return one.memo.upper()  #!")},
        {"cli/report.py": _f("return one.memo.upper()")},
    )
]

BUILT = plants(
    "sentences_built",
    PATH,
    (
        "words as data",
        _f("return Evidence(1.0, 'a share link beside it')  #!"),
        _f("return Evidence('beside_link', 1.0)"),
    ),
    (
        "words around data",
        _f("return Evidence(1.0, f'between {one}')  #!"),
        _f("return Evidence('between', 1.0, f'{one:.0%}')"),
    ),
    (
        "words by name",
        _f("return Refusal(reason=one, text='Copy it again.')  #!"),
        _f("return Refusal(reason=one, about='taobao')"),
    ),
    (
        "words kept for later",
        _f("text = 'It is about that.'\n    return StatementOfReasons(text=text)  #!"),
        _f("text = one.reason\n    return StatementOfReasons(text=text)"),
    ),
    (
        "words in Chinese",
        _f("return Memo('佣金')  #!"),
        _f("return Memo('￥')"),
    ),
    (
        "one of two texts",
        _f("return Gap('died' if one else 'it died alone')  #!"),
        _f("return Gap('died' if one else 'late')"),
    ),
)

PLANTS = [*READ, *SHELLS_MAY, *BUILT]
