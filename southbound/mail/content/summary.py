"""A report in sentences that a person would write: the subject's figure, and the first lines."""

from southbound.mail.content import money_words
from southbound.mail.content.caveats import sentences_of
from southbound.mail.content.highlights import in_sentences
from southbound.mail.content.report import Report, largest_in
from southbound.market.metrics import MONEY, SHARES
from southbound.market.ranking import Mover, rank
from southbound.market.settlement import trades_shown
from southbound.presentation import formatting, phrases


def headline(report: Report) -> str:
    """The subject's figure: how many rose and fell, and the largest move in shares."""
    if report.breadth is None:
        return f"{report.stocks} stocks, nothing to compare with yet"
    text = f"{report.breadth.rose} rose, {report.breadth.fell} fell"
    extremes = [*_extreme(report, rises=True), *_extreme(report, rises=False)]
    if extremes:
        metric = largest_in(report.windows[1])
        largest = max(extremes, key=lambda mover: abs(mover.change))
        told = formatting.change(metric, largest.change)
        named = formatting.stock(largest.code, largest.name)
        text += f", {named} {told}{' shares' if metric is SHARES else ''}"
    return text


def summary(report: Report) -> tuple[str, ...]:
    """The first lines: a paragraph each, in sentences."""
    corrected = " ".join(phrases.correction(each, report.names) for each in report.corrected)
    paragraphs = (
        money_words.in_sentences(report.money),
        _compared(report),
        _standing_out(report),
        f"Corrected since the session before: {corrected}" if corrected else "",
        " ".join(sentences_of(report.caveats)),
    )
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _compared(report: Report) -> str:
    opening = (
        f"Mainland investors held {report.stocks} Hong Kong stocks through Stock Connect on "
        f"{formatting.day(report.day)}, which shows {formatting.trades(trades_shown(report.day))}."
    )
    moved = report.breadth
    if moved is None:
        return f"{opening} No earlier day is stored, so there is nothing to compare it with."
    if moved.rose == moved.fell == moved.suspect == 0:
        # The opening says why, where that is known.
        return f"{opening} Not one holding changed since {formatting.day(report.windows[1].pair.old)}."
    risen = f"{moved.rose} {'holding' if moved.rose == 1 else 'holdings'} rose"
    text = (
        f"{opening} Since {formatting.day(report.windows[1].pair.old)}, {risen}, {moved.fell} fell "
        f"and {moved.unchanged} did not change."
    )
    if moved.suspect:
        text += f" Of {moved.suspect} more the page cannot tell."
    longest = report.windows[max(report.windows)]
    if longest.pair.old != report.windows[1].pair.old:
        over = longest.breadth()
        text += f" Since {formatting.day(longest.pair.old)}, {over.rose} rose and {over.fell} fell."
    return text


def _standing_out(report: Report) -> str:
    metric = largest_in(report.windows[1]) if 1 in report.windows else SHARES
    verbs = ("Most shares were bought of", "Most shares were sold of")
    if metric is MONEY:
        verbs = "Most money went into", "Most was taken out of"
    traded = [
        f"{verb} {formatting.stock(mover.code, mover.name)} ({formatting.change(metric, mover.change)})."
        for rises, verb in zip((True, False), verbs, strict=True)
        for mover in _extreme(report, rises=rises)
    ]
    moved = report.breadth
    listed = (
        [f"{moved.added} came on the list, {moved.removed} left it."]
        if moved is not None and (moved.added or moved.removed)
        else []
    )
    return " ".join((*traded, *listed, *in_sentences(report.highlights)))


def _extreme(report: Report, *, rises: bool) -> tuple[Mover, ...]:
    """The largest move since the session before, in HK$ or shares; empty if none moved that way."""
    if 1 not in report.windows:
        return ()
    movers = rank(report.windows[1], largest_in(report.windows[1]), 1)
    return movers.top if rises else movers.bottom
