"""The movers as a picture: bars, colours, and names that try to be something else."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from southbound.common.language import Language, speaking, writing_for
from southbound.mail.content import movers_image
from southbound.mail.content.movers_image import movers_chart
from southbound.mail.content.report import Section
from southbound.market.metrics import METRICS, SHARES, Metric
from southbound.market.ranking import Mover, Movers
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.stock_names import reader

PAIR = Pair(date(2026, 2, 26), date(2026, 2, 27), 1)


def mover(code: int, change: float, name: str = "A LIMITED") -> Mover:
    return Mover(code, name, change, 100, 100 + int(change), 1.0, 1.0)


def drawn(*movers: Mover) -> np.ndarray:
    top = tuple(mover for mover in movers if mover.change > 0)
    bottom = tuple(mover for mover in movers if mover.change < 0)
    png = movers_chart(Section(SHARES, PAIR, Movers(top, bottom)))
    assert png.startswith(b"\x89PNG")
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def bars(picture: np.ndarray, colour: str) -> list[int]:
    """The lengths in pixels of the bars of a colour, from top to bottom."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    # The bars begin at the left edge of the axes; texts in the same colour do not.
    alike = np.abs(picture - wanted).max(axis=2) < 8
    left = int(np.flatnonzero(alike.any(axis=0))[0])
    rows = np.flatnonzero(alike[:, left + 1])
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    return [int(np.flatnonzero(~alike[group[len(group) // 2], left + 1 :])[0]) for group in groups]


def test_the_bars_are_as_long_as_the_changes_and_coloured_by_their_direction() -> None:
    picture = drawn(mover(1, 400.0), mover(2, 100.0), mover(3, -200.0))

    longest, short = bars(picture, formatting.RISE)
    [fall] = bars(picture, formatting.FALL)
    assert abs(longest / short - 4) < 0.1
    assert abs(longest / fall - 2) < 0.1


def test_its_background_is_its_own() -> None:
    picture = drawn(mover(1, 400.0))

    assert (picture[0, 0] == 255).all()
    assert (picture[-1, -1] == 255).all()


@pytest.mark.parametrize(
    "name",
    [
        "$E=mc^2$",
        r"\frac{1}{2} $\undefined$",
        "騰訊控股",
        "\N{THAI CHARACTER KO KAI}\u0378",
        "<b>&\"'",
        "N" * 500,
        "",
    ],
    ids=["mathtext", "TeX", "Chinese", "no glyph", "markup", "long", "empty"],
)
def test_no_name_can_break_it_or_make_it_larger(name: str) -> None:
    assert drawn(mover(1, 400.0, name)).shape == drawn(mover(1, 400.0)).shape


def test_a_dollar_sign_is_drawn_as_one() -> None:
    assert (drawn(mover(1, 400.0, "$x^2$")) != drawn(mover(1, 400.0, "x2"))).any()


@pytest.mark.skipif(len(movers_image._fonts()) < 2, reason="no font here has Chinese characters")
def test_chinese_characters_are_drawn_and_not_boxes() -> None:
    assert (drawn(mover(1, 400.0, "騰訊")) != drawn(mover(1, 400.0, "阿里"))).any()


def test_without_movers_it_says_so() -> None:
    assert (drawn() < 255).any()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.key)
def test_the_value_of_the_longest_bar_fits_in_any_language(language: Language, metric: Metric) -> None:
    """The right edge of the picture has nothing on it but paper, and the bar is long all the same."""
    with speaking(language):
        png = movers_chart(Section(metric, PAIR, Movers((mover(1, 99_990_000.0),), (mover(2, -10.0),))))
    pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)
    assert pixels[:, -3:].min() > 240
    assert (np.abs(pixels - 255).sum(axis=2) > 100).sum(axis=1).max() > pixels.shape[1] / 2


def test_where_no_font_has_chinese_characters_the_picture_is_in_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    section = Section(SHARES, PAIR, Movers((mover(700, 123_456.0, "TENCENT"),), ()))
    with speaking(Language.TRADITIONAL):
        in_chinese = movers_chart(section)
    monkeypatch.setattr(movers_image, "_fonts", lambda: [movers_image.LATIN])
    with writing_for(reader(Language.TRADITIONAL, {700: "騰訊控股"})):
        in_english = movers_chart(section)
    assert in_english != in_chinese
    with speaking(Language.ENGLISH):
        assert in_english == movers_chart(section)


def test_rises_are_red_for_chinese_readers() -> None:
    assert formatting.colour(1) == formatting.RISE
    with speaking(Language.SIMPLIFIED):
        assert (formatting.colour(1), formatting.colour(-1)) == (formatting.FALL, formatting.RISE)
