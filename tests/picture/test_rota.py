"""Turns are fair: by owner, and none holds all places while others ask."""

from kouling.picture import Rota


def begun(rota: Rota[str]) -> list[str]:
    return list(iter(rota.next, None))


def test_an_owner_alone_has_all_places() -> None:
    rota: Rota[str] = Rota(2)
    for one in ("a1", "a2", "a3"):
        rota.wait("a", one)

    assert begun(rota) == ["a1", "a2"]


def test_owners_take_turns_whoever_brings_more() -> None:
    rota: Rota[str] = Rota(1)
    for one in ("a1", "a2", "a3", "b1", "c1"):
        rota.wait(one[0], one)

    order = []
    while had := begun(rota):
        order += had
        rota.done(had[0][0])

    assert order == ["a1", "b1", "c1", "a2", "a3"]


def test_while_several_ask_one_holds_at_most_half_of_the_places() -> None:
    rota: Rota[str] = Rota(4)
    rota.wait("b", "b1")
    for one in ("a1", "a2", "a3", "a4"):
        rota.wait("a", one)

    assert begun(rota) == ["b1", "a1", "a2"]
    rota.done("b")
    assert begun(rota) == []
    rota.done("a")
    assert begun(rota) == ["a3"]


def test_who_leaves_has_no_turn() -> None:
    rota: Rota[str] = Rota(1)
    rota.wait("a", "a1")
    rota.wait("a", "a2")

    assert rota.leave("a", "a1")
    assert begun(rota) == ["a2"]
    assert not rota.leave("a", "a2")
