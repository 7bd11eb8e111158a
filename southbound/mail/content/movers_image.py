"""The movers as a picture: PNG bytes, drawn without a screen.

The background is part of the picture, so that it stays readable where a mail program turns the page dark.
"""

import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from functools import cache
from io import BytesIO

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from southbound.common.language import Language, local_name, speaking, spoken
from southbound.mail.content.report import Section
from southbound.market.ranking import Mover
from southbound.presentation import formatting
from southbound.presentation.messages import gettext

WIDTH_INCHES, INCHES_PER_MOVER, DPI = 4.6, 0.4, 160
PAPER, INK, FAINT = "#ffffff", "#1f2328", "#8b949e"
COLOURS = 64
LONGEST_NAME = 48
LATIN = "DejaVu Sans"
CHINESE = (
    "Noto Sans CJK HK",
    "Noto Sans CJK TC",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang HK",  # macOS
    "Heiti TC",
    "Hiragino Sans GB",
    "Microsoft JhengHei",  # Windows
    "Microsoft YaHei",
    "SimHei",
)
"""Fonts that have the characters that names may have; the first that is installed is used."""

GAP_POINTS = 4
"""Between a bar and its value."""


def movers_chart(section: Section) -> bytes:
    """Bars of the top and bottom movers as a PNG, the name above each bar and the value at its end.

    Where no font here has Chinese characters, a Chinese mail has its pictures in English: it would be boxes.
    """
    with speaking(Language.ENGLISH) if spoken().is_chinese and len(_fonts()) == 1 else nullcontext():
        return _drawn(section)


def _drawn(section: Section) -> bytes:
    movers = (*section.movers.top, *section.movers.bottom)
    rows = max(len(movers), 1)
    figure = Figure(figsize=(WIDTH_INCHES, INCHES_PER_MOVER * rows + 0.2), dpi=DPI, facecolor=PAPER)
    axes = figure.add_axes((0.02, 0.0, 0.96, 1.0))
    axes.set_axis_off()
    axes.set_ylim(rows - 0.2, -0.55)
    if not movers:
        axes.text(0, 0, gettext("Nothing moved."), color=FAINT, fontsize=9, fontfamily=_fonts())
    # Of what lies outside the axes no extent is known.
    axes.set_xlim(0, max((abs(mover.change) for mover in movers), default=1.0))
    values = [_bar(axes, row, mover, section) for row, mover in enumerate(movers)]
    axes.set_xlim(0, _longest(figure, movers, values))
    return _png(figure)


def _longest(figure: Figure, movers: Sequence[Mover], values: Sequence[Text]) -> float:
    """The change at the right edge, so that the value at the end of each bar has its room."""
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    width = figure.axes[0].get_window_extent().width
    gap = GAP_POINTS * figure.dpi / 72
    needed = [
        abs(mover.change) / (1 - (value.get_window_extent(renderer).width + gap) / width)
        for mover, value in zip(movers, values, strict=True)
    ]
    return max(needed, default=1.0)


def _png(figure: Figure) -> bytes:
    canvas = FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        # A character that no font here has is a box in the picture; the table below it has the name in full.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    drawn = Image.fromarray(pixels).convert("RGB")
    png = BytesIO()
    # Two colours and their edges: with a palette the picture has a third of the size.
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(png, "png", optimize=True)
    return png.getvalue()


def _bar(axes: Axes, row: int, mover: Mover, section: Section) -> Text:
    """Draws it, and returns its value."""
    colour = formatting.colour(mover.change)
    length = abs(mover.change)
    axes.barh(row + 0.25, length, height=0.38, color=colour)
    # Mathtext is off: a dollar sign in a name is a dollar sign.
    name = formatting.short_name(local_name(mover.code, mover.name))
    name = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    axes.text(
        0,
        row - 0.22,
        f"{formatting.code(mover.code)}  {name}",
        color=INK,
        fontsize=7.5,
        fontfamily=_fonts(),
        va="center",
        parse_math=False,
    )
    return axes.annotate(
        formatting.change(section.metric, mover.change),
        (length, row + 0.25),
        xytext=(GAP_POINTS, 0),
        textcoords="offset points",
        color=colour,
        fontsize=8,
        fontfamily=_fonts() if spoken().is_chinese else LATIN,
        fontweight="normal" if spoken().is_chinese else "bold",  # the usual Chinese fonts have one weight
        va="center",
    )


@cache
def _fonts() -> list[str]:
    installed = set(font_manager.get_font_names())
    return [LATIN, *[name for name in CHINESE if name in installed][:1]]
