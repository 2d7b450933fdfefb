"""Made-up messages are the same for the same seed."""

from kouling.lab import (
    sample_material,
)


def test_the_made_up_messages_hold_their_codes() -> None:
    material = sample_material(3)
    assert material == sample_material(3) != sample_material(4)
    assert all(code in message.text for message in material.messages for code in message.codes)
    assert all(message.codes and "‹" not in message.text for message in material.messages)
    assert not any("{" in negative for negative in material.negatives)


def test_drawn_messages_keep_their_order() -> None:
    material = sample_material(1)
    few = material.drawn(5).messages
    assert len(few) == 5
    assert [message for message in material.messages if message in few] == list(few)
    assert material.drawn(10_000) == material
