"""The ten tricks of the research and four more, by the names of the laboratory's disguises."""

research = {
    "plain": None,
    "full width": "full_width",
    "homoglyphs": "homoglyph_cyrillic",
    "zero width": "zero_width",
    "spaced": "separator_space",
    "emoji digits": "emoji_digits",
    "circled": "enclosed",
    "mathematical": "mathematical_bold",
    "combining marks": "combining",
    "dots": "separator_middle_dot",
}
"""The ten on which the rivals were measured before Kouling was begun; plain is one of them."""

more = {
    "no scheme": "scheme_removal",
    "。 for .": "dot_swap",
    "zero width by 3": "zwsp_every_3",
    "delimiter swap": "delimiter_swap",
}
"""Tricks that are seen in the wild, too."""

tricks: dict[str, str | None] = {**research, **more}
