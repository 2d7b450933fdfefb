"""One subject, however it is written: the gate, redeem and mint's allow-lists agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from kouling import Engine, Redemption, RefusalReason
from kouling.clock import ManualClock
from kouling.errors import InvalidInput, LimitExceeded, NotFound
from kouling.gate import Subject, SubjectKind
from kouling.gate.subject import read_subject, subjects_of_page
from kouling.mint import Offer
from tests.samples import friend, item, offer, seller


class Spelling(NamedTuple):
    """How an address may be written, and whether it leads to a page, its host, its domain."""

    written: str
    page: bool = True
    host: bool = True
    domain: bool = True
    mintable: bool = True


page = "https://evil.example/x"

of_a_name = [
    Spelling("https://evil.example/x"),
    Spelling("HTTPS://EVIL.example/x"),
    Spelling("https://evil.example:443/x"),
    Spelling("http://evil.example:80/x", mintable=False),
    Spelling("http://evil.example/x", mintable=False),
    Spelling("https://evil.example./x"),
    Spelling("https://EVIL.Example.:443/x"),
    Spelling("https://ｅｖｉｌ．ｅｘａｍｐｌｅ/x"),
    Spelling("https://evil。example/x"),
    Spelling("https://%65vil.example/x"),
    Spelling("https://evil%2Eexample/x"),
    Spelling("https://evil.example/%78"),
    Spelling("https://evil.example/a/../x"),
    Spelling("https://evil.example/a/%2e%2E/x"),
    Spelling("https://evil.example/./x"),
    Spelling("https://evil.example/x#top"),
    Spelling("https://evil.example/x?"),
    Spelling("https://u:p@evil.example/x", mintable=False),
    Spelling("https://shop.example@evil.example/x", mintable=False),
    Spelling("https://evil.example:8443/x", page=False),
    Spelling("https://evil.example/X", page=False),
    Spelling("https://evil.example/x/", page=False),
    Spelling("https://evil.example/x?a=1", page=False),
    Spelling("https://evil.example/x%2F", page=False),
    Spelling("https://evil.example", page=False),
    Spelling("https://evil.example?", page=False),
    Spelling("https://www.evil.example/x", page=False, host=False),
    Spelling("https://WWW.evil.example:443/x", page=False, host=False),
    Spelling("https://a.b.c.evil.example./x", page=False, host=False),
    Spelling("https://xevil.example/x", page=False, host=False, domain=False),
    Spelling("https://evil.example.shop.example/x", page=False, host=False, domain=False),
    Spelling("https://shop.example/evil.example/x", page=False, host=False, domain=False),
    Spelling(
        "https://evil.example@shop.example/x",
        page=False,
        host=False,
        domain=False,
        mintable=False,
    ),
]

of_a_chinese_name = [
    Spelling("https://坏店.example/x"),
    Spelling("https://xn--7es62o.example/x"),
    Spelling("https://XN--7ES62O.example:443/x"),
    Spelling("https://www.坏店.example/x", page=False, host=False),
    Spelling("https://店.example/x", page=False, host=False, domain=False),
]

of_a_german_name = [
    Spelling("https://bücher.example/x"),
    Spelling("https://BÜCHER.example/x"),
    Spelling("https://xn--bcher-kva.example/x"),
    Spelling("https://bucher.example/x", page=False, host=False, domain=False),
]

of_a_russian_name = [
    Spelling("https://злой.example/x"),
    Spelling("https://ЗЛОЙ.example/x"),
    Spelling("https://xn--g1aefm.example/x"),
    Spelling("https://www.злой.example/x", page=False, host=False),
]

of_an_address = [
    Spelling("https://10.1.2.3/x"),
    Spelling("https://10.1.2.3:443/x"),
    Spelling("https://10.1.2.3./x"),
    Spelling("https://012.1.2.3/x"),
    Spelling("https://0xa.0x1.0x2.0x3/x"),
    Spelling("https://0x0a010203/x"),
    Spelling("https://167838211/x"),
    Spelling("https://10.1.515/x"),
    Spelling("https://10.66051/x"),
    Spelling("https://[::ffff:10.1.2.3]/x"),
    Spelling("https://[::FFFF:a01:203]/x"),
    Spelling("https://10.1.2.4/x", page=False, host=False),
    Spelling("https://11.1.2.3/x", page=False, host=False, domain=False),
    Spelling("https://10.1.2.3.example/x", page=False, host=False, domain=False),
]

of_a_long_address = [
    Spelling("https://[2001:db8::1]/x"),
    Spelling("https://[2001:DB8:0:0:0:0:0:1]:443/x"),
    Spelling("https://[2001:db8::0.0.0.1]/x"),
    Spelling("https://[2001:db8::2]/x", page=False, host=False),
    Spelling("https://[2001:db9::1]/x", page=False, host=False, domain=False),
]

Bans = tuple[tuple[Subject, ...], ...]


def named(*values: tuple[str, str]) -> tuple[Subject, ...]:
    return tuple(Subject(SubjectKind(kind), value) for kind, value in values)


tables: list[tuple[list[Spelling], str, Bans]] = [
    (
        of_a_name,
        "Evil.example",
        (
            named(("page", page), ("page", "http://EVIL.example.:80/a/../%78?#top")),
            (),
            named(
                ("domain", "evil.example"),
                ("domain", "EVIL.Example."),
                ("domain", "ｅｖｉｌ。example"),
            ),
        ),
    ),
    (
        of_a_chinese_name,
        "坏店.example",
        (
            named(("page", "https://坏店.example/x")),
            (),
            named(("domain", "坏店.example"), ("domain", "xn--7es62o.example")),
        ),
    ),
    (
        of_a_german_name,
        "BÜCHER.example",
        (
            named(("page", "https://bücher.example/x")),
            (),
            named(("domain", "bücher.example"), ("domain", "xn--bcher-kva.example")),
        ),
    ),
    (
        of_a_russian_name,
        "злой.example",
        (named(("page", "https://злой.example/x")), (), named(("domain", "Злой.example"))),
    ),
    (
        of_an_address,
        "0xa.1.2.3",
        (
            named(("page", "https://10.1.2.3/x")),
            named(("ip", "10.1.2.3"), ("ip", "::ffff:10.1.2.3")),
            named(("ip", "10.0.0.0/8"), ("ip", "10.1.2.0/255.255.255.0"), ("ip", "10.1.2.0/29")),
        ),
    ),
    (
        of_a_long_address,
        "[2001:DB8::1]",
        (
            named(("page", "https://[2001:db8::1]/x")),
            named(("ip", "2001:DB8::1"), ("ip", "2001:db8:0::1/128")),
            named(("ip", "2001:db8::/32"), ("ip", "2001:db8::/64")),
        ),
    ),
]


def cases() -> Iterator[Any]:
    for spellings, _, bans in tables:
        for reach, subjects in zip(("page", "host", "domain"), bans, strict=True):
            for subject in subjects:
                name = f"{subject.kind} {subject.value}"
                yield pytest.param(spellings, reach, subject, id=name)


def shared(number: int, written: str) -> Offer:
    return offer(id=f"offer {number}", url=written)


@pytest.mark.parametrize(("spellings", "reach", "subject"), list(cases()))
def test_the_gate_and_redeem_agree_on_what_a_ban_is_about(
    sqlite_engine: Engine, spellings: list[Spelling], reach: str, subject: Subject
) -> None:
    engine = sqlite_engine
    codes = {
        one.written: engine.mint(shared(number, one.written), sharer=seller).code
        for number, one in enumerate(spellings)
        if one.mintable
    }
    engine.gate.ban(subject, "fraud")

    flagged, refused = set(), set()
    for number, one in enumerate(spellings):
        chat = item(f"{number}", f"看 {one.written} 吧", surface="direct", to="friend")
        if "banned_subject" in {signal.kind for signal in engine.gate(chat).signals}:
            flagged.add(one.written)
        if one.written in codes:
            outcome = engine.redeem(codes[one.written], buyer=friend)
            if isinstance(outcome, Redemption):
                continue
            assert outcome.reason is RefusalReason.banned
            refused.add(one.written)

    meant = {one.written for one in spellings if getattr(one, reach)}
    assert flagged == meant
    assert refused == meant & codes.keys()


@pytest.mark.parametrize(("spellings", "allowed"), [table[:2] for table in tables])
def test_mint_agrees_on_what_an_allowed_host_is(
    sqlite_engine: Engine, spellings: list[Spelling], allowed: str
) -> None:
    sqlite_engine.mint.hosts.allow(offer().merchant, [allowed])

    minted = set()
    for number, one in enumerate(spellings):
        try:
            sqlite_engine.mint(shared(number, one.written), sharer=seller)
        except InvalidInput:
            continue
        minted.add(one.written)

    assert minted == {one.written for one in spellings if one.host and one.mintable}


def test_a_ban_in_one_spelling_is_lifted_in_another(engine: Engine) -> None:
    code = engine.mint(offer(url=page), sharer=seller).code
    engine.gate.ban(Subject(SubjectKind.domain, "EVIL.example"), "fraud")
    engine.gate.ban(Subject(SubjectKind.domain, "evil.example."), "fraud again")
    engine.gate.lift(Subject(SubjectKind.domain, "ｅｖｉｌ.example"))

    assert isinstance(engine.redeem(code, buyer=friend), Redemption)
    with pytest.raises(NotFound, match="not banned"):
        engine.gate.lift(Subject(SubjectKind.domain, "evil.example"))


def test_a_ban_on_a_private_registry_reaches_all_under_it(sqlite_engine: Engine) -> None:
    sqlite_engine.gate.ban(Subject(SubjectKind.domain, "github.io"), "fraud")

    code = sqlite_engine.mint(offer(url="https://someone.github.io/x"), sharer=seller).code

    assert not isinstance(sqlite_engine.redeem(code, buyer=friend), Redemption)


def test_an_issuer_is_banned_in_any_case(sqlite_engine: Engine) -> None:
    sqlite_engine.gate.ban(Subject(SubjectKind.issuer, "Taobao"), "fraud")

    decision = sqlite_engine.gate(item("1", "看 https://m.tb.cn/h.3Kx7Qd2 吧"))

    assert "banned_subject" in {signal.kind for signal in decision.signals}


def test_the_last_of_many_links_is_looked_up_too(sqlite_engine: Engine) -> None:
    """Each link is a page under seven domains: more than one statement asks about."""
    sqlite_engine.gate.ban(Subject(SubjectKind.domain, "evil.example"), "fraud")
    links = [f"https://a.b.c.d.e.f{number}.example/x" for number in range(30)]

    decision = sqlite_engine.gate(item("1", " ".join([*links, "https://w.evil.example/"])))

    assert "banned_subject" in {signal.kind for signal in decision.signals}


digest = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("user", "Seller", "Seller"),
        ("domain", "BAD.example", "bad.example"),
        ("domain", "公司.example", "xn--55qx5d.example"),
        ("ip", "10.1.2.3", "10.1.2.3"),
        ("ip", "10.1.2.3/32", "10.1.2.3"),
        ("ip", "10.0.0.0/8", "10.0.0.0/8"),
        ("ip", "::FFFF:10.0.0.0/104", "10.0.0.0/8"),
        ("ip", "2001:DB8::/32", "2001:db8::/32"),
        ("page", "http://Bad.example", "https://bad.example/"),
        ("picture", digest.upper(), digest),
        ("issuer", "Taobao", "taobao"),
    ],
)
def test_a_subject_is_put_into_normal_form(kind: str, written: str, value: str) -> None:
    subject = read_subject(kind, written)

    assert subject == Subject(SubjectKind(kind), value)
    assert read_subject(subject.kind, subject.value) == subject


refused_subjects = [
    ("nonsense", "x"),
    *(("user", written) for written in ("", "x" * 129, "a\0", "\ud800", None, 7)),
    *(("domain", written) for written in ("", " ", "cn", "com.cn", "公司.cn", "a_b", "10.1.2.3")),
    *(("domain", written) for written in ("https://a.cn", "a.cn/x", "a.cn:80", "*.a.cn", "a..cn")),
    *(("domain", written) for written in ("u@a.cn", "\0.cn", "\ud800.cn", "[::1]", "a.cn\n", None)),
    ("domain", ".".join("abcdefghijk")),
    *(("ip", written) for written in ("", "999.1.1.1", "10.1.2", "10.1.2.3/8", "0.0.0.0/0")),
    *(("ip", written) for written in ("::/0", "2001:db8::/112", "10.0.0.0/7", "fe80::1%eth0")),
    *(("ip", written) for written in ("fe80::%1/64", "010.1.2.3", "1.2.3.4 ", "a.cn", "/8", None)),
    *(
        ("page", written)
        for written in ("", "evil.example/x", "ftp://a.cn/", "https://", "mailto:a")
    ),
    *(
        ("page", written)
        for written in ("https://a b.cn/", "https://a.cn/" + "x" * 2_048, "https:a")
    ),
    *(("picture", written) for written in ("", "abc", digest[1:], digest + "0", "g" * 64, None)),
    *(("issuer", written) for written in ("", "x" * 129, "a\0", None)),
]


@pytest.mark.parametrize(("kind", "written"), refused_subjects)
def test_what_can_be_nobody_and_nothing_is_refused_with_a_hint(
    sqlite_engine: Engine, kind: Any, written: Any
) -> None:
    for verb in (lambda s: sqlite_engine.gate.ban(s, "fraud"), sqlite_engine.gate.lift):
        with pytest.raises(InvalidInput) as refused:
            verb(Subject(kind, written))
        assert refused.value.hint


def test_a_ban_needs_a_reason_and_an_end_to_come(engine: Engine, clock: ManualClock) -> None:
    subject = Subject(SubjectKind.user, seller)
    for reason in ("", " \n", "a\0", "\ud800"):
        with pytest.raises(InvalidInput, match=r"reason|character") as refused:
            engine.gate.ban(subject, reason)
        assert refused.value.hint
    with pytest.raises(LimitExceeded, match="reason"):
        engine.gate.ban(subject, "x" * 2_001)
    for until in (
        datetime(2030, 1, 1),  # noqa: DTZ001  # the mistake
        clock.at,
        clock.at - timedelta(days=1),
        clock.at.replace(year=1),
        clock.at.replace(year=9_999),
    ):
        with pytest.raises(InvalidInput, match=r"zone|past|until") as refused:
            engine.gate.ban(subject, "fraud", until)
        assert refused.value.hint
    engine.gate.ban(subject, "fraud", clock.at.replace(year=2_999))


def test_a_ban_that_is_asked_for_again_after_its_end_is_the_same_ban(
    engine: Engine, clock: ManualClock
) -> None:
    until, subject = clock.at + timedelta(days=1), Subject(SubjectKind.domain, "EVIL.example")
    engine.gate.ban(subject, "fraud", until, idempotency_key="first")
    clock.advance(days=2)

    engine.gate.ban(Subject(SubjectKind.domain, "evil.example"), "fraud", until, "first")


@given(st.sampled_from(SubjectKind), st.text(max_size=60))
def test_the_normal_form_of_a_subject_is_its_own(kind: SubjectKind, written: str) -> None:
    try:
        subject = read_subject(kind, written)
    except InvalidInput:
        return
    assert read_subject(kind, subject.value) == subject


@pytest.mark.parametrize(
    ("url", "most"),
    [
        (f"https://{'a.' * 100}example/x", 10),
        ("https://10.1.2.3/x", 26),
        ("https://[2001:db8::1]/x", 55),
    ],
)
def test_a_page_is_looked_up_by_a_short_list(url: str, most: int) -> None:
    subjects = subjects_of_page(url)

    assert len(set(subjects)) == len(subjects) == most
    for subject in subjects:
        assert read_subject(subject.kind, subject.value) == subject


def test_bans_are_found_by_their_index(sqlite_engine: Engine) -> None:
    asked: list[tuple[str, Any]] = []
    told = (sa.Engine, "before_cursor_execute", lambda *say: asked.append((say[2], say[3])))
    sa.event.listen(*told)
    sqlite_engine.gate(item("1", "看 https://10.1.2.3/x 和 https://evil.example/x"))
    sa.event.remove(*told)

    statements = [one for one in asked if "FROM ban" in one[0]]
    assert statements
    with sqlite_engine._runtime.store.read() as connection:
        for statement, values in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = " ".join(row[3] for row in plan)
            assert "(kind=? AND value=?)" in steps
            assert "SCAN" not in steps
