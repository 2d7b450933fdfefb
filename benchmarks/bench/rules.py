"""A policy of 20 rules as a platform may write them; some of them may read the text."""

_head = """
policy: benchmark
version: "1"
title: Twenty rules as a platform may write them
effective_at: 2026-01-01T00:00:00Z
on_error: {direct: allow, group: allow, moments: limit, comment: limit, interest: limit,
           market: limit, outbound_link: allow, inbound_visit: allow}
rules:
"""

_code = 'signal.kind == "share_code"'
_any_code = 'signals.exists(s, s.kind == "share_code" && s.party == "foreign")'

rules = (
    ("signal", _code + ' && signal.party == "foreign" && signal.confidence >= 0.5'),
    ("signal", 'signal.kind == "share_link" && signal.party == "foreign"'),
    ("signal", _code + ' && signal.party == "partner" && item.surface == "interest"'),
    ("signal", _code + ' && signal.issuer == "" && signal.confidence >= 0.8'),
    ("signal", _code + ' && signal.text.contains("红包")'),
    ("signal", 'signal.issuer in ["taobao", "tmall", "jd", "pinduoduo", "xianyu", "dewu"]'),
    ("signal", 'signal.issuer in ["douyin", "kuaishou", "xiaohongshu", "bilibili"]'),
    ("signal", 'signal.issuer in ["baidupan", "quark", "aliyunpan"] && item.surface == "market"'),
    ("signal", 'signal.kind == "link" && item.surface == "market"'),
    ("signal", 'signal.kind == "link" && signal.text.matches("(?i)(t[.]cn|bit[.]ly|dwz[.])")'),
    ("signal", 'signal.kind == "share_link" && item.surface == "outbound_link"'),
    ("signal", 'signal.kind == "inducement" && signal.confidence >= 0.8'),
    ("signal", 'signal.kind == "not_inspected"'),
    ("when", "author.banned"),
    ("when", "signals.size() > 5"),
    ("when", "item.narrowed && " + _any_code),
    ("when", "item.pictures > 0 && " + _any_code),
    ("when", 'signals.exists(s, s.kind == "inducement") && ' + _any_code),
    ("when", 'item.surface == "comment" && ' + _any_code),
    ("when", 'item.surface == "inbound_visit" && signals.exists(s, s.kind == "share_link")'),
)
"""Rules that look at signals, author and surface, never at the words of a message."""

readers = (
    ("when", 'item.text.contains("代购") && item.surface == "moments"'),
    ("when", 'item.text.matches("加.{0,4}(微|薇|v)") && item.surface == "moments"'),
    ("when", "item.text.size() > 2000"),
    ("when", 'item.text.startsWith("【") && author.banned'),
)
"""Rules that read every message, so no decision can be known beforehand."""


def policy_text(readers_count: int = 0) -> str:
    """Return the policy of 20 rules, of which so many of the last ones read the text."""
    chosen = (*rules[: len(rules) - readers_count], *readers[:readers_count])
    return _head + "".join(
        _rule(place, field, condition) for place, (field, condition) in enumerate(chosen)
    )


def _rule(place: int, field: str, condition: str) -> str:
    """Write out a rule with an outcome for all eight surfaces."""
    talk, comment = "allow", "limit" if place % 3 else "drop"
    return f"""
  - id: rule-{place}
    title: Rule {place}
    reason: This may not be published here.
    {field}: '{condition}'
    outcome: {{direct: {talk}, group: {talk}, moments: limit, comment: {comment},
               interest: limit, market: limit, outbound_link: {talk}, inbound_visit: allow}}
"""
