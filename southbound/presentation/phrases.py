"""A stock in words: adjustment events, streaks, highs, crossings. The same on page and mail."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction

from southbound.common.language import spoken
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
from southbound.presentation.formatting import listed, parts, percent, shares
from southbound.presentation.messages import gettext, gettext_noop, ngettext, translated

UNUSUAL = 3.0
"""Deviations from a stock's usual change that are named."""

_EVENTS = {
    Kind.SPLIT: gettext_noop("Split"),
    Kind.CONSOLIDATION: gettext_noop("Consolidation"),
    Kind.BONUS: gettext_noop("Bonus issue or rights"),
    Kind.CODE_CHANGE: gettext_noop("Change of code"),
    Kind.NEW_BASE: gettext_noop("Issued shares updated"),
    Kind.SUSPECT: gettext_noop("Cannot be told"),
}

_SOURCES = {
    "prices": gettext_noop("Prices (daily quotations)"),
    "turnover": gettext_noop("Official turnover (Stock Connect)"),
    "short_positions": gettext_noop("Short positions (SFC)"),
}

_FOLDERS = {
    "price_files": gettext_noop("Price files"),
    "import_files": gettext_noop("Files to import"),
}

_WITNESSES = {
    Witness.SHARES: gettext_noop("holding"),
    Witness.BASE: gettext_noop("issued shares"),
    Witness.NAME: gettext_noop("name"),
    Witness.CODE: gettext_noop("temporary code"),
    Witness.BEFORE: gettext_noop("odd session before"),
    Witness.AFTER: gettext_noop("later session"),
}

CERTAIN = 0.995
"""From this weight on a reading is called certain."""


def event_name(kind: Kind) -> str:
    """What an event is, short, for a column."""
    return gettext(_EVENTS[kind])


def on_day(event: AdjustmentEvent) -> str:
    """What an event is, and when it was."""
    return gettext("{event}, {day}", event=event_name(event.kind), day=formatting.day(event.day))


def source_name(source: str) -> str:
    """What is read beside the holdings, by the name of its section in the settings."""
    return gettext(_SOURCES[source])


def folder_name(folder: str) -> str:
    """What people put files into, by the name that the status has of it."""
    return gettext(_FOLDERS[folder])


def adjustment(event: AdjustmentEvent) -> str:
    """What happened to a stock without being bought or sold, and the figures that show it."""
    principal = event.principal
    sentences = [_principal(event, principal)]
    sentences += [_further(event, part) for part in event.parts if part is not principal]
    if event.kind is Kind.NEW_BASE and event.alternative is not None:
        sentences.append(gettext("A {event} may follow.", event=event_noun(event.alternative)))
    return formatting.paragraph(sentences)


def part(event: AdjustmentEvent, shown: Part) -> str:
    """What one day showed of an event."""
    if shown is event.principal:
        return _principal(event, shown)
    return gettext(
        "{code}: {what_happened}", code=formatting.code(event.code), what_happened=_further(event, shown)
    )


def certainty(event: AdjustmentEvent) -> str:
    """How sure a reading is, and what else it may be: `certain`, `96%`, `55%, else a split`."""
    if event.kind is Kind.SUSPECT:
        if event.alternative is None:
            return gettext("unsure")
        return gettext("unsure: traded, or a {event}", event=event_noun(event.alternative))
    if event.alternative is not None:
        return gettext("open: a {event} may follow", event=event_noun(event.alternative))
    if event.certainty >= CERTAIN:
        return gettext("certain")
    return f"{math.floor(event.certainty * 100)}%"


def correction(corrected: Correction, names: Mapping[int, str]) -> str:
    """What was said of a stock in an earlier mail or page, and what is known now."""
    before, now = corrected.before, corrected.now
    said = {
        "code": formatting.stock(before.code, names.get(before.code, "")),
        "event": event_noun(before.kind),
        "day": formatting.day(before.day),
    }
    if now is None:
        return gettext(
            "{code}, {event} on {day}: no issued shares followed, so that it was bought or sold.", **said
        )
    return gettext(
        "{code}, {event} on {day}: {now}. {what_happened}",
        **said,
        now=event_noun(now.kind),
        what_happened=adjustment(now),
    )


def dates(event: AdjustmentEvent) -> str:
    """The day of an event, or its first and its last one so far."""
    if event.day == event.last_day:
        return formatting.day(event.day)
    return formatting.span(event.day, event.last_day)


def witnesses(event: AdjustmentEvent) -> str:
    """What speaks for a reading: `holding, issued shares, name`."""
    return listed(gettext(_WITNESSES[witness]) for witness in dict.fromkeys(event.witnesses))


def event_noun(kind: Kind) -> str:
    """The name of an event within a sentence."""
    return event_name(kind).lower()


def _principal(event: AdjustmentEvent, shown: Part) -> str:
    leg = shown.legs[0]
    figures = {"code": formatting.code(leg.code), **_figures(leg)}
    match event.kind:
        case Kind.NEW_BASE:
            sign = "+" if event.base_factor > 1 else formatting.MINUS
            return gettext(
                "{code}: the number of issued shares was updated, by about {base}. The stake went from "
                "{old_stake} to {new_stake}, the holding from {old} to {new} shares.",
                **figures,
                base=f"{sign}{abs(event.base_factor - 1) * 100:.1f}%",
            )
        case Kind.SUSPECT:
            return gettext(
                "{code}: bought, sold, split or consolidated? The page cannot tell. The holding went from "
                "{old} to {new} shares, the stake from {old_stake} to {new_stake}.",
                **figures,
            )
        case _ if len(shown.legs) > 1:
            return _counters(event, shown)
        case _ if event.factor is None:
            return gettext(
                "{code}: The holding went from {old} to {new} shares, the stake from {old_stake} to "
                "{new_stake}.",
                **figures,
            )
        case _:
            return gettext(
                "{code}: {became}. The holding went from {old} to {new} shares, the stake from {old_stake} "
                "to {new_stake}.",
                **figures,
                became=_became(event.factor),
            )


def _further(event: AdjustmentEvent, shown: Part) -> str:
    day = formatting.day(shown.day)
    if shown.step is Step.BASE:
        figures = {"day": day, **_figures(shown.legs[0])}
        if shown.day < event.principal.day:
            return gettext(
                "The percentage had the new number of issued shares already on {day} (from {old_stake} to "
                "{new_stake}).",
                **figures,
            )
        return gettext(
            "The percentage had the new number of issued shares only on {day} (from {old_stake} to "
            "{new_stake}).",
            **figures,
        )
    if shown.step is Step.REOPENED and len(shown.legs) > 1:
        other = shown.legs[1]
        return gettext(
            "{code} was back on {day} with {new} shares.",
            code=formatting.code(other.code),
            day=day,
            new=_count(other.new_shares),
        )
    return gettext("{day}: {what_happened}", day=day, what_happened=_counters(event, shown))


def adjusted(mover: Mover) -> str:
    """Why a change is not the plain difference of two figures on the page; empty if it is."""
    kinds = dict.fromkeys(event.kind for event in mover.adjusted_for)
    return adjusted_for(kinds) if kinds else ""


def adjusted_for(kinds: Iterable[Kind]) -> str:
    """Which events a change was adjusted for."""
    return gettext("adjusted for: {events}", events=listed(map(event_noun, kinds)))


def below_floor(movers: Movers, floors: Floors) -> str:
    """How many small bases were left out of a ranking; empty if none."""
    if not movers.below_floor:
        return ""
    return ngettext(
        "1 stock is left out, with less than {percent}% of the issued shares or {shares} shares to "
        "begin with",
        "{count} stocks are left out, with less than {percent}% of the issued shares or {shares} shares to "
        "begin with",
        movers.below_floor,
        percent=f"{floors.percent:g}",
        shares=shares(floors.shares),
    )


def unpriced(flow: Flow) -> str:
    """How many stocks moved and have no price; empty if none."""
    if not flow.unpriced:
        return ""
    return ngettext(
        "1 stock moved and has no figure, since the price of a change is not known",
        "{count} stocks moved and have no figure, since the price of a change is not known",
        flow.unpriced,
    )


def reasons_for_gap(reconciled: Reconciled) -> str:
    """Why our net buying is not the exchange's, as far as that is known; empty if nothing is."""
    told = []
    if reconciled.unpriced:
        told.append(ngettext("{count} without a price", "{count} without a price", reconciled.unpriced))
    if reconciled.left_out:
        told.append(ngettext("{count} left out", "{count} left out", reconciled.left_out))
    if reconciled.funds:
        funds = formatting.net_buying(reconciled.funds)
        told.append(gettext("funds, also made and redeemed: {net}", net=funds))
    return listed(told)


def short(interest: ShortInterest, column: int) -> str:
    """What is reported as sold short of a stock, and as of when; empty if nothing is."""
    if not interest.shares[column] > 0:
        return ""
    sold = formatting.shares_in_short(interest.shares[column])
    told = [gettext("short {shares} shares", shares=sold)]
    if not math.isnan(interest.percents[column]):
        told.append(gettext("{percent} of the issued", percent=f"{interest.percents[column]:.2f}%"))
    if not math.isnan(interest.days_to_cover[column]):
        told.append(gettext("{days} days to cover", days=f"{interest.days_to_cover[column]:.1f}"))
    told.append(gettext("as of {day}", day=formatting.day(interest.day)))
    return listed(told)


def above_whole(percent_held: float) -> str:
    """Why a stock is suspect that has more than all of its issued shares by the page; empty if it has not."""
    if not percent_held > WHOLE:
        return ""
    return gettext("suspect: the page gives more than {whole}% of the issued shares", whole=f"{WHOLE:g}")


def reason(session: MissingSession) -> str:
    """Why a session is missing, in words that go on a sentence."""
    return gettext(session.words, noted=translated(session.noted))


def missing(session: MissingSession) -> str:
    """Why a session is missing, as a sentence: `HKEXnews has no list for it, asked 24 Feb 09:30 HKT.`."""
    why = _opening(reason(session))
    if session.when is None or not session.since:
        return gettext("{what_happened}.", what_happened=why)
    moment = formatting.moment(session.when)
    return gettext("{reason}, {since} {moment}.", reason=why, since=gettext(session.since), moment=moment)


def _opening(words: str) -> str:
    """Words as a sentence begins, without its end. An address that they begin with stays as it is."""
    is_as_it_is = spoken().is_chinese or "://" in words.partition(" ")[0]
    first = words[:1] if is_as_it_is else words[:1].upper()
    return f"{first}{words[1:].removesuffix('.').removesuffix('。')}"


def source(newest: date | None, missing: int, left_alone: datetime | None) -> str:
    """What is stored of a source beside the holdings: `newest Fri 27 Feb 2026, 2 days missing`.

    Args:
        newest: day that is stored; None if none is.
        missing: days of the last month that it may have.
        left_alone: until when, after failures; None if it is not.
    """
    told = [
        gettext("newest {day}", day=formatting.day(newest)) if newest else gettext("none stored yet"),
    ]
    if missing:
        told.append(ngettext("1 day missing", "{count} days missing", missing))
    if left_alone:
        told.append(gettext("left alone until {moment}", moment=formatting.moment(left_alone)))
    return parts(told)


def source_missing(reason: str) -> str:
    """Why a day of a source is missing, as a sentence."""
    return gettext("{what_happened}.", what_happened=_opening(translated(reason)))


def folder(files: int, trouble: str) -> str:
    """What became of a folder: `3 files read`."""
    if trouble:
        return translated(trouble)
    if not files:
        return gettext("no file yet")
    return ngettext("1 file read", "{count:,} files read", files)


def file_outcome(told: str, *, is_taken: bool) -> str:
    """What became of a file, as a sentence."""
    words = _opening(translated(told))
    if is_taken:
        return gettext("{what_happened}.", what_happened=words)
    return gettext("Look at it: {what_happened}.", what_happened=words)


def streak(sessions_in_a_row: int) -> str:
    """`up 6 sessions in a row`; empty if the holding did not move."""
    count = abs(sessions_in_a_row)
    if not count:
        return ""
    if sessions_in_a_row > 0:
        return ngettext("up 1 session", "up {count} sessions in a row", count)
    return ngettext("down 1 session", "down {count} sessions in a row", count)


def signal(signal: Signal) -> tuple[str, ...]:
    """Whatever is worth telling of a stock's day: streak, high or low, crossing, an unusual change."""
    sentences = [streak(signal.streak)]
    if signal.high:
        sentences.append(gettext("highest stake in {sessions} sessions", sessions=signal.high))
    if signal.low:
        sentences.append(gettext("lowest stake in {sessions} sessions", sessions=signal.low))
    if signal.crossed > 0:
        sentences.append(gettext("stake rose to {level}%", level=signal.crossed))
    if signal.crossed < 0:
        sentences.append(gettext("stake fell below {level}%", level=-signal.crossed))
    if abs(signal.z_score) >= UNUSUAL:
        deviations = f"{abs(signal.z_score):.1f}"
        sentences.append(gettext("change {deviations} deviations from its usual", deviations=deviations))
    return tuple(text for text in sentences if text)


def _counters(event: AdjustmentEvent, shown: Part) -> str:
    leg, other = shown.legs
    figures = {
        "code": formatting.code(leg.code),
        **_figures(leg),
        "other": formatting.code(other.code),
        "other_old": _count(other.old_shares),
        "other_new": _count(other.new_shares),
        "other_stake": _stake(other.new_percent),
    }
    match shown.step:
        case Step.MOVED if event.factor is None or event.factor == 1:
            return gettext(
                "{code} goes on as {other}: it left the list with {old} shares ({old_stake}), {other} came "
                "with {other_new} ({other_stake}).",
                **figures,
            )
        case Step.MOVED:
            assert event.factor is not None  # noqa: S101 - by the case above
            return gettext(
                "{code} goes on as {other}; {became}: it left the list with {old} shares ({old_stake}), "
                "{other} came with {other_new} ({other_stake}).",
                **figures,
                became=_became(event.factor),
            )
        case Step.PARALLEL if leg.old_shares is not None:
            return gettext("{other} is the temporary code of {code}, and both are on the list.", **figures)
        case Step.PARALLEL:
            return gettext(
                "{code} is back beside its temporary code {other}: it came with {new} shares, {other} went "
                "from {other_old} to {other_new}.",
                **figures,
            )
        case Step.RETURNED:
            return gettext(
                "{code} is back with {new} shares, and its temporary code {other} left with {other_old}.",
                **figures,
            )
        case _:
            return gettext(
                "The temporary code {other} closed with {other_old} shares; they are under {code} now, which "
                "went from {old} to {new}.",
                **figures,
            )


def _figures(leg: Leg) -> dict[str, str]:
    """What a leg was and is, for the places in a sentence."""
    return {
        "old": _count(leg.old_shares),
        "new": _count(leg.new_shares),
        "old_stake": _stake(leg.old_percent),
        "new_stake": _stake(leg.new_percent),
    }


def _count(held: int | None) -> str:
    return gettext("none") if held is None else shares(held)


def _stake(value: float | None) -> str:
    return gettext("a blank") if value is None else percent(value)


def _became(ratio: Fraction) -> str:
    """How many shares became how many: `1 share became 5`, `10 shares became 1`."""
    return ngettext(
        "1 share became {new}", "{count} shares became {new}", ratio.denominator, new=ratio.numerator
    )
