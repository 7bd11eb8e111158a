"""What was bought, in HK$, in sentences: ours, the exchange's, and what is on its way."""

import math

from southbound.market.day_in_money import Money
from southbound.market.reconciliation import Reconciled
from southbound.presentation import formatting


def in_sentences(money: Money | None) -> str:
    """What is known of it; empty if nothing is."""
    if money is None:
        return ""
    told = [] if money.newest is None else _of_the_date(money.newest)
    if money.on_the_way:
        days = formatting.dates([session for session, _ in money.on_the_way])
        bought = formatting.net_buying(sum(net for _, net in money.on_the_way))
        told.append(f"On its way, and shown by no holding yet: {bought} of {days}.")
    return " ".join(told)


def _of_the_date(reconciled: Reconciled) -> list[str]:
    """Nothing where it shows no trades."""
    if not reconciled.trades.sessions:
        return []
    told = []
    shown = formatting.trades(reconciled.trades)
    if not math.isnan(reconciled.ours):
        verb = "bought" if reconciled.ours >= 0 else "sold"
        size = formatting.money(abs(reconciled.ours))
        told.append(f"Mainland investors {verb} Hong Kong stocks for {size} net, in {shown}.")
        if reconciled.unpriced == 1:
            told.append("1 stock moved without a price and is no part of it.")
        elif reconciled.unpriced:
            told.append(f"{reconciled.unpriced} stocks moved without a price and are no part of it.")
    if not math.isnan(reconciled.official):
        official = formatting.net_buying(reconciled.official)
        told.append(
            f"The exchange's own figure for these trades is {official}."
            if told
            else f"The exchange's own figure for the {shown} is {official} net."
        )
    return told
