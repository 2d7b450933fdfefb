"""Detector packs: what share codes and share links look like, as data that needs no code.

A pack is one YAML file. Every key but `version` may be left out:

    version: "2026-11-22"     any text; it is named wherever the pack is reported
    extends: default          keep everything of the bundled pack and add to it
    spellings:                characters that writers put in the place of another
      复: 覆付副               each of these is read as 复 when wording is looked for
    wording:                  what people write around a code, by what it does
      copy, this, open, find, passphrase, reward, access, share: [phrase, …]
      message, tool, told_before, told_behind, invite, use, gain, game: [phrase, …]
      remove, join, swap, stands_for, first_part, last_part: [phrase, …]
    inducement:               what makes people share for a reward
      ask, reward, urge: [phrase, …]
    markers: [regex, …]       what stands beside a code and means nothing else
    plain_hosts: [host, …]     hosts of pages or of shortened links: a link alone says nothing
    families:                 one entry for each brand
      - issuer: taobao        the name that signals and policies use
        apps: [淘宝, 手淘]     names of the app; disguised spellings are found by themselves
        codes:                shapes of the brand's share codes
          - {length: 11, alphabet: letters_and_digits, delimiters: "￥€"}
        hosts:                hosts of its share links with all hosts below them;
          - m.tb.cn           what follows the first slash is a regex for the path's start
          - pan.example.com/(?:s|share)/
          - {host: docs.example.com, needs: [access]}    # with such wording near it alone
        patterns:             regexes whose first group is a code that has no usual shape
          - {regex: '(鶁[一-鿿]{8,16}东)', needs: [copy]}

Regexes have RE2 syntax, so each runs in linear time. What is wrong in a file is a
`PolicyError` with file, line, column and a hint.
"""

from kouling.gate.text.packs.load import load_pack
from kouling.gate.text.packs.records import (
    CodePattern,
    CodeShape,
    Family,
    HostRule,
    Pack,
    disguised_kinds,
    inducement_kinds,
    wording_kinds,
)

__all__ = [
    "CodePattern",
    "CodeShape",
    "Family",
    "HostRule",
    "Pack",
    "disguised_kinds",
    "inducement_kinds",
    "load_pack",
    "wording_kinds",
]
