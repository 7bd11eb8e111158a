"""What was bought, in HK$, in sentences: ours, the exchange's, and what is on its way."""

import math

from southbound.market.day_in_money import Money
from southbound.market.reconciliation import Reconciled
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, ngettext


def in_sentences(money: Money | None) -> str:
    """What is known of it; empty if nothing is."""
    if money is None:
        return ""
    told = [] if money.newest is None else _of_the_date(money.newest)
    if money.on_the_way:
        told.append(
            gettext(
                "On its way, and shown by no holding yet: {net} of {days}.",
                net=formatting.net_buying(sum(net for _, net in money.on_the_way)),
                days=formatting.dates([session for session, _ in money.on_the_way]),
            )
        )
    return formatting.paragraph(told)


def _of_the_date(reconciled: Reconciled) -> list[str]:
    """Nothing where it shows no trades."""
    if not reconciled.trades.sessions:
        return []
    told = []
    shown = formatting.trades(reconciled.trades)
    if not math.isnan(reconciled.ours):
        size = formatting.money(abs(reconciled.ours))
        told.append(
            gettext(
                "Mainland investors bought Hong Kong stocks for {size} net, in {trades}.",
                size=size,
                trades=shown,
            )
            if reconciled.ours >= 0
            else gettext(
                "Mainland investors sold Hong Kong stocks for {size} net, in {trades}.",
                size=size,
                trades=shown,
            )
        )
        if reconciled.unpriced:
            told.append(
                ngettext(
                    "1 stock moved without a price and is no part of it.",
                    "{count} stocks moved without a price and are no part of it.",
                    reconciled.unpriced,
                )
            )
    if not math.isnan(reconciled.official):
        official = formatting.net_buying(reconciled.official)
        told.append(
            gettext("The exchange's own figure for these trades is {net}.", net=official)
            if told
            else gettext(
                "The exchange's own figure for the {trades} is {net} net.", trades=shown, net=official
            )
        )
    return told
