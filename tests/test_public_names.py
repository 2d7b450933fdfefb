import importlib

import pytest

import kouling

rooms = ["fold", "mint", "gate", "deliver", "redeem", "settle", "insight"]


def test_what_kouling_exports_is_written_down() -> None:
    assert sorted(kouling.__all__) == [
        *("Channel", "Conversion", "ConversionId", "ConversionStatus", "Decision", "Engine"),
        *("Entry", "GroupId", "Item", "ItemId", "Money", "Offer", "OfferId", "Policy"),
        *("Redemption", "Refund", "Refusal", "RefusalReason", "ShareCode", "Surface", "UserId"),
        *("Visibility", "bundled_policy", "read_policy"),
    ]


@pytest.mark.parametrize("room", rooms)
def test_a_rooms_front_door_has_what_it_names(room: str) -> None:
    module = importlib.import_module(f"kouling.{room}")

    assert module.__all__ == sorted(module.__all__)
    for name in module.__all__:
        assert hasattr(module, name)
