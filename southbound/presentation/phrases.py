"""A stock in words: adjustment events, streaks, highs, crossings. The same on page and mail."""

import math
from datetime import date, datetime
from fractions import Fraction

from southbound.market.adjustments.corrections import Correction
from southbound.market.adjustments.events import AdjustmentEvent, Kind, Leg, Part, Step, Witness
from southbound.market.changes import Flow
from southbound.market.daily_holdings import WHOLE
from southbound.market.missing_sessions import MissingSession
from southbound.market.ranking import Floors, Mover, Movers
from southbound.market.reconciliation import Reconciled
from southbound.market.short_interest import ShortInterest
from southbound.market.signals import Signal
from southbound.presentation import formatting
from southbound.presentation.formatting import percent, shares

UNUSUAL = 3.0
"""Deviations from a stock's usual change that are named."""

EVENT_NAMES = {
    Kind.SPLIT: "Split",
    Kind.CONSOLIDATION: "Consolidation",
    Kind.BONUS: "Bonus issue or rights",
    Kind.CODE_CHANGE: "Change of code",
    Kind.NEW_BASE: "Issued shares updated",
    Kind.SUSPECT: "Cannot be told",
}
"""Short, for a column."""

SOURCE_NAMES = {
    "prices": "Prices (daily quotations)",
    "turnover": "Official turnover (Stock Connect)",
    "short_positions": "Short positions (SFC)",
}
"""What is read beside the holdings."""

_WITNESSES = {
    Witness.SHARES: "holding",
    Witness.BASE: "issued shares",
    Witness.NAME: "name",
    Witness.CODE: "temporary code",
    Witness.BEFORE: "odd session before",
    Witness.AFTER: "later session",
    Witness.PRICE: "price",
}

CERTAIN = 0.995
"""From this weight on a reading is called certain."""


def adjustment(event: AdjustmentEvent) -> str:
    """What happened to a stock without being bought or sold, and the figures that show it."""
    principal = event.principal
    sentences = [_principal(event, principal)]
    sentences += [_further(event, part) for part in event.parts if part is not principal]
    if event.kind is Kind.NEW_BASE and event.alternative is not None:
        sentences.append(f"A {event.alternative} may follow.")
    return " ".join(sentences)


def part(event: AdjustmentEvent, shown: Part) -> str:
    """What one day showed of an event."""
    if shown is event.principal:
        return _principal(event, shown)
    return f"{formatting.code(event.code)}: {_further(event, shown)}"


def certainty(event: AdjustmentEvent) -> str:
    """How sure a reading is, and what else it may be: `certain`, `96%`, `55%, else a split`."""
    if event.kind is Kind.SUSPECT:
        return f"unsure: traded, or a {event.alternative}" if event.alternative else "unsure"
    if event.alternative is not None:
        return f"open: a {event.alternative} may follow"
    if event.certainty >= CERTAIN:
        return "certain"
    return f"{math.floor(event.certainty * 100)}%"


def correction(corrected: Correction) -> str:
    """What was said of a stock in an earlier mail or page, and what is known now."""
    before, now = corrected.before, corrected.now
    said = (
        f"{formatting.code(before.code)}, {EVENT_NAMES[before.kind].lower()} on {formatting.day(before.day)}"
    )
    if now is None:
        return f"{said}: no issued shares followed, so that it was bought or sold."
    return f"{said}: {EVENT_NAMES[now.kind].lower()}. {adjustment(now)}"


def dates(event: AdjustmentEvent) -> str:
    """The day of an event, or its first and its last one so far."""
    if event.day == event.last_day:
        return formatting.day(event.day)
    return f"{formatting.day(event.day)} to {formatting.day(event.last_day)}"


def witnesses(event: AdjustmentEvent) -> str:
    """What speaks for a reading: `holding, issued shares, name`."""
    return ", ".join(_WITNESSES[witness] for witness in dict.fromkeys(event.witnesses))


def _principal(event: AdjustmentEvent, shown: Part) -> str:
    leg = shown.legs[0]
    name, held, stake = (
        formatting.code(leg.code),
        _from_to(leg.old_shares, leg.new_shares),
        _stake_from_to(leg),
    )
    match event.kind:
        case Kind.NEW_BASE:
            sign = "+" if event.base_factor > 1 else formatting.MINUS
            base = f"{sign}{abs(event.base_factor - 1) * 100:.1f}%"
            return (
                f"{name}: the number of issued shares was updated, by about {base}. The stake went {stake}, "
                f"the holding {held} shares."
            )
        case Kind.SUSPECT:
            return (
                f"{name}: bought, sold, split or consolidated? The page cannot tell. The holding went {held} "
                f"shares, the stake {stake}."
            )
        case _ if len(shown.legs) > 1:
            return _counters(event, shown)
        case _:
            became = "" if event.factor is None else f" {_became(event.factor)}."
            return f"{name}:{became} The holding went {held} shares, the stake {stake}."


def _further(event: AdjustmentEvent, shown: Part) -> str:
    if shown.step is Step.BASE:
        when = "already" if shown.day < event.principal.day else "only"
        stake, day = _stake_from_to(shown.legs[0]), formatting.day(shown.day)
        return f"The percentage had the new number of issued shares {when} on {day} ({stake})."
    if shown.step is Step.REOPENED and len(shown.legs) > 1:
        other = shown.legs[1]
        back = f"{_count(other.new_shares)} shares"
        return f"{formatting.code(other.code)} was back on {formatting.day(shown.day)} with {back}."
    return f"{formatting.day(shown.day)}: {_counters(event, shown)}"


def adjusted(mover: Mover) -> str:
    """Why a change is not the plain difference of two figures on the page; empty if it is."""
    kinds = dict.fromkeys(EVENT_NAMES[event.kind].lower() for event in mover.adjusted_for)
    return f"adjusted for: {', '.join(kinds)}" if kinds else ""


def below_floor(movers: Movers, floors: Floors) -> str:
    """How many small bases were left out of a ranking; empty if none."""
    if not movers.below_floor:
        return ""
    held = "1 stock is" if movers.below_floor == 1 else f"{movers.below_floor} stocks are"
    return (
        f"{held} left out, with less than {floors.percent:g}% of the issued shares "
        f"or {shares(floors.shares)} shares to begin with"
    )


def unpriced(flow: Flow) -> str:
    """How many stocks moved and have no price; empty if none."""
    if not flow.unpriced:
        return ""
    moved = "1 stock moved and has" if flow.unpriced == 1 else f"{flow.unpriced} stocks moved and have"
    return f"{moved} no figure, since the price of a change is not known"


def reasons_for_gap(reconciled: Reconciled) -> str:
    """Why our net buying is not the exchange's, as far as that is known; empty if nothing is."""
    told = []
    if reconciled.unpriced:
        told.append(f"{reconciled.unpriced} without a price")
    if reconciled.left_out:
        told.append(f"{reconciled.left_out} left out")
    if reconciled.funds:
        sign = "+" if reconciled.funds > 0 else formatting.MINUS
        funds = f"{sign}{formatting.money(abs(reconciled.funds))}"
        told.append(f"funds, also made and redeemed: {funds}")
    return ", ".join(told)


def short(interest: ShortInterest, column: int) -> str:
    """What is reported as sold short of a stock, and as of when; empty if nothing is."""
    if not interest.shares[column] > 0:
        return ""
    told = f"short {formatting.shares_in_short(interest.shares[column])} shares"
    if not math.isnan(interest.percents[column]):
        told += f", {interest.percents[column]:.2f}% of the issued"
    if not math.isnan(interest.days_to_cover[column]):
        told += f", {interest.days_to_cover[column]:.1f} days to cover"
    return f"{told}, as of {formatting.day(interest.day)}"


def above_whole(percent_held: float) -> str:
    """Why a stock is suspect that has more than all of its issued shares by the page; empty if it has not."""
    if not percent_held > WHOLE:
        return ""
    return f"suspect: the page gives more than {WHOLE:g}% of the issued shares"


def missing(session: MissingSession) -> str:
    """Why a session is missing, as a sentence: `HKEXnews has no list for it, asked 24 Feb 09:30 HKT.`."""
    since = f", {session.since} {formatting.moment(session.when)}" if session.when else ""
    return f"{session.reason[:1].upper()}{session.reason[1:].removesuffix('.')}{since}."


def source(newest: date | None, missing: int, left_alone: datetime | None) -> str:
    """What is stored of a source beside the holdings: `newest Fri 27 Feb 2026, 2 days missing`.

    Args:
        newest: day that is stored; None if none is.
        missing: days of the last month that it may have.
        left_alone: until when, after failures; None if it is not.
    """
    told = [f"newest {formatting.day(newest)}" if newest else "none stored yet"]
    if missing:
        told.append("1 day missing" if missing == 1 else f"{missing} days missing")
    if left_alone:
        told.append(f"left alone until {formatting.moment(left_alone)}")
    return ", ".join(told)


def source_missing(reason: str) -> str:
    """Why a day of a source is missing, as a sentence."""
    return f"{reason[:1].upper()}{reason[1:].removesuffix('.')}."


def streak(sessions_in_a_row: int) -> str:
    """`up 6 sessions in a row`; empty if the holding did not move."""
    count = abs(sessions_in_a_row)
    if not count:
        return ""
    direction = "up" if sessions_in_a_row > 0 else "down"
    return f"{direction} 1 session" if count == 1 else f"{direction} {count} sessions in a row"


def signal(signal: Signal) -> tuple[str, ...]:
    """Whatever is worth telling of a stock's day: streak, high or low, crossing, an unusual change."""
    sentences = [streak(signal.streak)]
    if signal.high:
        sentences.append(f"highest stake in {signal.high} sessions")
    if signal.low:
        sentences.append(f"lowest stake in {signal.low} sessions")
    if signal.crossed:
        verb = "rose to" if signal.crossed > 0 else "fell below"
        sentences.append(f"stake {verb} {abs(signal.crossed)}%")
    if abs(signal.z_score) >= UNUSUAL:
        sentences.append(f"change {abs(signal.z_score):.1f} deviations from its usual")
    return tuple(text for text in sentences if text)


def _counters(event: AdjustmentEvent, shown: Part) -> str:
    leg, other = shown.legs
    name, other_name = formatting.code(leg.code), formatting.code(other.code)
    match shown.step:
        case Step.MOVED:
            factor = event.factor
            became = "" if factor is None or factor == 1 else f"; {_became(factor)}"
            return (
                f"{name} goes on as {other_name}{became}: it left the list with {_count(leg.old_shares)} "
                f"shares ({_stake(leg.old_percent)}), {other_name} came with {_count(other.new_shares)} "
                f"({_stake(other.new_percent)})."
            )
        case Step.PARALLEL if leg.old_shares is not None:
            return f"{other_name} is the temporary code of {name}, and both are on the list."
        case Step.PARALLEL:
            return (
                f"{name} is back beside its temporary code {other_name}: it came with "
                f"{_count(leg.new_shares)} shares, {other_name} went "
                f"{_from_to(other.old_shares, other.new_shares)}."
            )
        case Step.RETURNED:
            return (
                f"{name} is back with {_count(leg.new_shares)} shares, and its temporary code {other_name} "
                f"left with {_count(other.old_shares)}."
            )
        case _:
            return (
                f"The temporary code {other_name} closed with {_count(other.old_shares)} shares; they are "
                f"under {name} now, which went {_from_to(leg.old_shares, leg.new_shares)}."
            )


def _from_to(old: int | None, new: int | None) -> str:
    return f"from {_count(old)} to {_count(new)}"


def _stake_from_to(leg: Leg) -> str:
    return f"from {_stake(leg.old_percent)} to {_stake(leg.new_percent)}"


def _count(held: int | None) -> str:
    return "none" if held is None else shares(held)


def _stake(value: float | None) -> str:
    return "a blank" if value is None else percent(value)


def _became(ratio: Fraction) -> str:
    """How many shares became how many: `1 share became 5`, `10 shares became 1`."""
    old, new = ratio.denominator, ratio.numerator
    return f"{old} {'share' if old == 1 else 'shares'} became {new}"
