import pytest

from kouling.clock import read_time
from kouling.config import Settings, read_settings
from kouling.errors import InvalidInput
from kouling.ids import random_bytes


def test_settings_come_from_the_environment() -> None:
    settings = read_settings({"KOULING_CODE_DAYS": "7", "KOULING_PAGE_HOST": "go.example"})

    assert (settings.code_days, settings.page_host) == (7, "go.example")
    assert settings.issuer == Settings().issuer


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(InvalidInput, match="KOULING_CODE_DAYS='soon'"):
        read_settings({"KOULING_CODE_DAYS": "soon"})


def test_there_are_few_settings() -> None:
    assert len(Settings.__struct_fields__) < 25


def test_a_seed_gives_the_same_bytes_and_no_seed_others() -> None:
    assert random_bytes(7)(16) == random_bytes(7)(16)
    assert random_bytes()(16) != random_bytes()(16)


@pytest.mark.parametrize(
    "text", ["soon", "2018-05-29T00:00:00", "29.5.2018", "", "0001-01-01T00:00:00+08:00"]
)
def test_a_time_needs_a_form_and_a_zone(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_time(text)


def test_a_bare_date_is_midnight_utc() -> None:
    assert read_time("2018-05-29") == read_time("2018-05-29T08:00:00+08:00")
