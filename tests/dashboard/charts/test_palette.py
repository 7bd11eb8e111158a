"""Every text on a chart can be read, in both modes."""

import tomllib
from typing import Any

import pytest

from southbound.dashboard.charts import palette
from southbound.dashboard.charts.palette import Mode
from southbound.presentation import formatting
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def theme() -> dict[str, Any]:
    config: dict[str, Any] = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    return config["theme"]  # type: ignore[no-any-return]


def luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_on_charts_and_cards_has_the_contrast_that_reading_needs(
    theme: dict[str, Any], mode: Mode
) -> None:
    ground = theme[mode]["backgroundColor"]
    for colour in (palette.text(mode), palette.strong(mode), theme[mode]["textColor"]):
        assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_captions_too(theme: dict[str, Any], mode: Mode) -> None:
    # Streamlit writes them in the text's colour, at six tenths.
    parts = [
        round(0.6 * int(theme[mode]["textColor"][at : at + 2], 16))
        + round(0.4 * int(theme[mode]["backgroundColor"][at : at + 2], 16))
        for at in (1, 3, 5)
    ]
    caption = "#" + "".join(f"{part:02x}" for part in parts)
    assert contrast(caption, theme[mode]["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_lines_and_bars_stand_out_from_the_ground(theme: dict[str, Any], mode: Mode) -> None:
    sides = [formatting.side(rises=rises, red_up=False) for rises in (True, False)]
    for colour in (*palette.LINES, palette.MARK, *sides):
        assert contrast(colour, theme[mode]["backgroundColor"]) >= 3


def test_text_can_be_read_before_the_mode_is_known(theme: dict[str, Any]) -> None:
    for mode in ("light", "dark"):
        assert contrast(palette.text(None), theme[mode]["backgroundColor"]) >= 3.9


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_what_is_pressed_can_be_read_on_its_tint(theme: dict[str, Any], mode: Mode, ground: str) -> None:
    accent = theme[mode]["primaryColor"]
    tint = [
        round(0.1 * int(accent[at : at + 2], 16) + 0.9 * int(theme[mode][ground][at : at + 2], 16))
        for at in (1, 3, 5)
    ]
    assert contrast(accent, "#" + "".join(f"{part:02x}" for part in tint)) >= 4.5
