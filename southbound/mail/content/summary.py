"""A report in sentences that a person would write: the subject's figure, and the first lines."""

from southbound.mail.content import money_words
from southbound.mail.content.caveats import sentences_of
from southbound.mail.content.highlights import in_sentences
from southbound.mail.content.report import Report, largest_in
from southbound.market.metrics import MONEY, SHARES, Metric
from southbound.market.ranking import Mover, rank
from southbound.market.settlement import trades_shown
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, gettext_noop, ngettext


def headline(report: Report) -> str:
    """The subject's figure: how many rose and fell, and the largest move of a share."""
    if report.breadth is None:
        return ngettext(
            "1 stock, nothing to compare with yet",
            "{count} stocks, nothing to compare with yet",
            report.stocks,
        )
    moved = {"rose": report.breadth.rose, "fell": report.breadth.fell}
    extremes = [*_extreme(report, rises=True), *_extreme(report, rises=False)]
    if not extremes or report.of_shares is None:
        return gettext("{rose} rose, {fell} fell", **moved)
    metric = largest_in(report.of_shares)
    largest = max(extremes, key=lambda mover: abs(mover.change))
    return gettext(
        "{rose} rose, {fell} fell, {stock} {change}",
        **moved,
        stock=formatting.stock(largest.code, formatting.short_name(largest.name)),
        change=_change(metric, largest.change),
    )


def summary(report: Report) -> tuple[str, ...]:
    """The first lines: a paragraph each, in sentences."""
    corrected = formatting.paragraph(phrases.correction(each, report.names) for each in report.corrected)
    paragraphs = (
        money_words.in_sentences(report.money),
        _compared(report),
        _standing_out(report),
        gettext("Corrected since the session before: {corrected}", corrected=corrected) if corrected else "",
        formatting.paragraph(sentences_of(report.caveats)),
    )
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _compared(report: Report) -> str:
    told = [
        ngettext(
            "Mainland investors held 1 Hong Kong stock through Stock Connect on {day}, which shows {trades}.",
            "Mainland investors held {count} Hong Kong stocks through Stock Connect on {day}, which shows "
            "{trades}.",
            report.stocks,
            day=formatting.day(report.day),
            trades=formatting.trades(trades_shown(report.day)),
        )
    ]
    moved = report.breadth
    if moved is None:
        told.append(gettext("No earlier day is stored, so there is nothing to compare it with."))
        return formatting.paragraph(told)
    before = formatting.day(report.windows[1].pair.old)
    if moved.rose == moved.fell == moved.suspect == 0:
        # The opening says why, where that is known.
        told.append(gettext("Not one holding changed since {day}.", day=before))
        return formatting.paragraph(told)
    told.append(
        ngettext(
            "Since {day}, 1 holding rose, {fell} fell and {unchanged} did not change.",
            "Since {day}, {count} holdings rose, {fell} fell and {unchanged} did not change.",
            moved.rose,
            day=before,
            fell=moved.fell,
            unchanged=moved.unchanged,
        )
    )
    if moved.suspect:
        told.append(
            ngettext(
                "Of 1 more the page cannot tell.", "Of {count} more the page cannot tell.", moved.suspect
            )
        )
    longest = report.windows[max(report.windows)]
    if longest.pair.old != report.windows[1].pair.old:
        over = longest.breadth()
        day = formatting.day(longest.pair.old)
        told.append(
            gettext("Since {day}, {rose} rose and {fell} fell.", day=day, rose=over.rose, fell=over.fell)
        )
    return formatting.paragraph(told)


def _standing_out(report: Report) -> str:
    metric = largest_in(report.of_shares) if report.of_shares is not None else SHARES
    told = [
        gettext(
            sentence,
            stock=formatting.stock(mover.code, mover.name),
            change=formatting.change(metric, mover.change),
        )
        for sentence, rises in zip(_LARGEST[metric is MONEY], (True, False), strict=True)
        for mover in _extreme(report, rises=rises)
    ]
    told.append(_of_funds(report))
    moved = report.breadth
    if moved is not None and (moved.added or moved.removed):
        told.append(
            gettext("{added} came on the list, {removed} left it.", added=moved.added, removed=moved.removed)
        )
    return formatting.paragraph((*told, *in_sentences(report.highlights)))


_LARGEST = {
    False: (
        gettext_noop("Most shares were bought of {stock} ({change})."),
        gettext_noop("Most shares were sold of {stock} ({change})."),
    ),
    True: (
        gettext_noop("Most money went into {stock} ({change})."),
        gettext_noop("Most was taken out of {stock} ({change})."),
    ),
}
"""By whether it is money that counts: what is said of the largest rise, and of the largest fall."""


def _change(metric: Metric, change: float) -> str:
    told = formatting.change(metric, change)
    return gettext("{change} shares", change=told) if metric is SHARES else told


def _extreme(report: Report, *, rises: bool) -> tuple[Mover, ...]:
    """The largest move of a share since the session before; empty if none moved that way."""
    if report.of_shares is None:
        return ()
    movers = rank(report.of_shares, largest_in(report.of_shares), 1)
    return movers.top if rises else movers.bottom


def _of_funds(report: Report) -> str:
    """The largest move of a fund since the session before, in HK$ or shares; empty if none moved."""
    if report.of_funds is None:
        return ""
    metric = largest_in(report.of_funds)
    movers = rank(report.of_funds, metric, 1)
    largest = max((*movers.top, *movers.bottom), key=lambda mover: abs(mover.change), default=None)
    if largest is None:
        return ""
    return gettext(
        "Of the funds, which are not ranked below, {stock} changed most ({change}).",
        stock=formatting.stock(largest.code, largest.name),
        change=_change(metric, largest.change),
    )
