"""The stocks of a day that are worth a line beside the movers: levels crossed, streaks, highs and lows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from southbound.market.history import History
from southbound.market.signals import Signal, Signals
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, gettext_noop, ngettext

LEAST_STREAK = 5
"""Sessions in a row, from which on a streak is named."""


class Sort(StrEnum):
    """What is said of a stock, and the title of those that have it in common."""

    ABOVE = gettext_noop("Stakes that rose to a level")
    BELOW = gettext_noop("Stakes that fell below a level")
    UP = gettext_noop("Up 5 sessions and more")
    DOWN = gettext_noop("Down 5 sessions and more")
    HIGH = gettext_noop("New highs of the stake")
    LOW = gettext_noop("New lows of the stake")

    @property
    def heading(self) -> str:
        """For the reader."""
        return gettext(self.value)

    @property
    def rising(self) -> bool:
        """Whether it is about rises."""
        return self in {Sort.ABOVE, Sort.UP, Sort.HIGH}

    @property
    def shown(self) -> int:
        """How many stocks have a line."""
        return 10 if self in {Sort.ABOVE, Sort.BELOW} else 3


_RANK: dict[Sort, Callable[[Signal], int]] = {
    Sort.ABOVE: lambda signal: signal.crossed,
    Sort.BELOW: lambda signal: -signal.crossed,
    Sort.UP: lambda signal: signal.streak if signal.streak >= LEAST_STREAK else 0,
    Sort.DOWN: lambda signal: -signal.streak if -signal.streak >= LEAST_STREAK else 0,
    Sort.HIGH: lambda signal: signal.high,
    Sort.LOW: lambda signal: signal.low,
}
"""How remarkable a stock is in that; nothing to tell of it if it is not above 0."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stock, and what its day means.

    Attributes:
        shares: held on the day, as the page gave them.
        percent: of the issued shares; NaN where blank.
    """

    code: int
    name: str
    shares: int
    percent: float
    signal: Signal

    @property
    def words(self) -> str:
        """The signals in words, separated by commas."""
        return formatting.listed(phrases.signal(self.signal))


@dataclass(frozen=True, slots=True)
class HighlightGroup:
    """The stocks of one sort, the most remarkable first.

    Attributes:
        total: how many there are; `shown` has the first of them.
    """

    sort: Sort
    total: int
    shown: tuple[Highlight, ...]


def highlights_of(
    history: History, found: Signals, points: Mapping[int, float]
) -> tuple[HighlightGroup, ...]:
    """What is worth telling of a day, in the order of `Sort`; sorts without a stock are left out.

    Args:
        history: all days.
        found: the signals of one of them.
        points: the day's change of each stake in percentage points; the larger one comes first where the
            rank is equal.
    """
    signals = [signal for code in found.codes.tolist() if (signal := found.of(code)) is not None]
    row = history.row(found.day)
    made = []
    for sort, rank in _RANK.items():
        towards = 1 if sort.rising else -1
        ranked = sorted(
            (signal for signal in signals if rank(signal) > 0),
            key=lambda s: (-rank(s), -towards * points.get(s.code, 0.0), s.code),
        )
        if ranked:
            shown = tuple(_highlight(history, row, signal) for signal in ranked[: sort.shown])
            made.append(HighlightGroup(sort, len(ranked), shown))
    return tuple(made)


def in_sentences(found: tuple[HighlightGroup, ...]) -> tuple[str, ...]:
    """The most remarkable of it: every level crossed, the longest streaks, how many highs and lows."""
    by_sort = {group.sort: group for group in found}
    crossed = [
        gettext(
            words, stock=formatting.stock(highlight.code, highlight.name), level=abs(highlight.signal.crossed)
        )
        for sort, words in (
            (Sort.ABOVE, gettext_noop("{stock} rose to {level}%")),
            (Sort.BELOW, gettext_noop("{stock} fell below {level}%")),
        )
        for highlight in (by_sort[sort].shown if sort in by_sort else ())
    ]
    streaks = [
        gettext(
            "{stock} is {streak}",
            stock=formatting.stock(longest.code, longest.name),
            streak=phrases.streak(longest.signal.streak),
        )
        for sort in (Sort.UP, Sort.DOWN)
        for longest in (by_sort[sort].shown[:1] if sort in by_sort else ())
    ]
    extremes = []
    if Sort.HIGH in by_sort:
        total = by_sort[Sort.HIGH].total
        extremes.append(ngettext("1 stake is at a new high", "{count} stakes are at a new high", total))
    if Sort.LOW in by_sort:
        total = by_sort[Sort.LOW].total
        extremes.append(ngettext("1 stake is at a new low", "{count} stakes are at a new low", total))
    sentences = (
        gettext("Levels crossed: {stocks}.", stocks=formatting.listed(crossed)) if crossed else "",
        gettext("{what_happened}.", what_happened=formatting.listed(streaks)) if streaks else "",
        gettext("{what_happened}.", what_happened=formatting.joined(extremes)) if extremes else "",
    )
    return tuple(text for text in sentences if text)


def _highlight(history: History, row: int, signal: Signal) -> Highlight:
    column = history.column(signal.code)
    assert column is not None  # noqa: S101 - the signals are those of this history
    return Highlight(
        signal.code,
        history.names[signal.code],
        int(history.shares[row, column]),
        float(history.percents[row, column]),
        signal,
    )
