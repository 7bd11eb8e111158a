"""What is told of events and signals."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from southbound.market.adjustments.corrections import Correction
from southbound.market.adjustments.events import AdjustmentEvent, Kind, Leg, Part, Step, Witness
from southbound.market.missing_sessions import MissingSession
from southbound.market.ranking import Floors, Mover, Movers
from southbound.market.signals import Signal
from southbound.presentation import phrases

OLD, NEW = date(2026, 2, 24), date(2026, 2, 25)


def event(
    kind: Kind, *legs: Leg, factor: Fraction | None = None, step: Step = Step.SHARES
) -> AdjustmentEvent:
    return AdjustmentEvent(kind, (Part(step, OLD, NEW, legs),), factor)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            event(Kind.SPLIT, Leg(1966, 248_754_279, 1_243_771_395, 5.88, 5.88), factor=Fraction(5)),
            (
                "01966: 1 share became 5. The holding went from 248,754,279 to 1,243,771,395 "
                "shares, the stake "
                "from 5.88% to 5.88%."
            ),
        ),
        (
            event(Kind.CONSOLIDATION, Leg(5, 1000, 400, 1.5, None), factor=Fraction(2, 5)),
            (
                "00005: 5 shares became 2. The holding went from 1,000 to 400 shares, the stake "
                "from 1.50% to "
                "a blank."
            ),
        ),
        (
            event(
                Kind.CONSOLIDATION,
                Leg(2160, 105_460_000, None, None, None),
                Leg(2918, None, 21_092_000, None, 1.65),
                factor=Fraction(1, 5),
                step=Step.MOVED,
            ),
            (
                "02160 goes on as 02918; 5 shares became 1: it left the list with 105,460,000 "
                "shares (a blank), "
                "02918 came with 21,092,000 (1.65%)."
            ),
        ),
        (
            event(
                Kind.CODE_CHANGE,
                Leg(8123, 700, None, 1.0, None),
                Leg(123, None, 700, None, 1.0),
                factor=Fraction(1),
                step=Step.MOVED,
            ),
            "08123 goes on as 00123: it left the list with 700 shares (1.00%), 00123 came with 700 (1.00%).",
        ),
        (
            event(
                Kind.CODE_CHANGE,
                Leg(2160, None, 19_110_060, None, 1.5),
                Leg(2918, 21_233_400, 2_123_340, 1.66, 0.17),
                step=Step.PARALLEL,
            ),
            (
                "02160 is back beside its temporary code 02918: it came with 19,110,060 shares, "
                "02918 went from "
                "21,233,400 to 2,123,340."
            ),
        ),
        (
            event(
                Kind.CODE_CHANGE,
                Leg(3939, 510_782_676, 511_502_676, 11.53, 11.55),
                Leg(2979, 720_000, None, 0.0, None),
                step=Step.CLOSED,
            ),
            (
                "The temporary code 02979 closed with 720,000 shares; they are under 03939 now, "
                "which went from "
                "510,782,676 to 511,502,676."
            ),
        ),
        (
            event(Kind.NEW_BASE, Leg(3301, 110_455_400, 110_455_400, 6.55, 5.24)),
            (
                "03301: the number of issued shares was updated, by about +25.0%. The stake went "
                "from 6.55% to "
                "5.24%, the holding from 110,455,400 to 110,455,400 shares."
            ),
        ),
        (
            event(Kind.NEW_BASE, Leg(5, 1000, 1000, 4.0, 5.0)),
            (
                "00005: the number of issued shares was updated, by about \N{MINUS SIGN}20.0%. The "
                "stake went "
                "from 4.00% to 5.00%, the holding from 1,000 to 1,000 shares."
            ),
        ),
        (
            event(Kind.SUSPECT, Leg(5, 1_000_000, 5_010_000, 4.0, 20.04)),
            (
                "00005: bought, sold, split or consolidated? The page cannot tell. The holding went from "
                "1,000,000 to 5,010,000 shares, the stake from 4.00% to 20.04%."
            ),
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, AdjustmentEvent) else "",
)
def test_an_adjustment_event_is_told_with_its_figures(told: AdjustmentEvent, sentence: str) -> None:
    assert phrases.adjustment(told) == sentence


def test_every_kind_has_a_name() -> None:
    assert len({phrases.event_name(kind) for kind in Kind}) == len(Kind)


def test_an_adjusted_change_says_what_for() -> None:
    base = event(Kind.NEW_BASE, Leg(5, 1, 1, 4.0, 5.0))
    split = event(Kind.SPLIT, Leg(5, 1, 2, 4.0, 4.0), factor=Fraction(2))

    def mover(*events: AdjustmentEvent) -> Mover:
        return Mover(5, "HSBC", 1.0, 1, 2, 1.0, 1.0, events)

    assert phrases.adjusted(mover()) == ""
    assert phrases.adjusted(mover(base, split, base)) == "adjusted for: issued shares updated, split"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, ""),
        (1, "1 stock is left out, with less than 0.05% of the issued shares or 10,000 shares to begin with"),
        (
            9,
            "9 stocks are left out, with less than 0.05% of the issued shares or 10,000 shares to begin with",
        ),
    ],
)
def test_what_the_floors_leave_out_is_told(count: int, text: str) -> None:
    assert phrases.below_floor(Movers((), (), count), Floors()) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (1, "up 1 session"), (6, "up 6 sessions in a row"), (-2, "down 2 sessions in a row")],
)
def test_a_streak_is_told_with_its_direction(count: int, text: str) -> None:
    assert phrases.streak(count) == text


@pytest.mark.parametrize(
    ("signal", "told"),
    [
        (Signal(5, 0, 0, 0, float("nan"), 0), ()),
        (
            Signal(5, 3, 60, 0, 2.9, 5),
            ("up 3 sessions in a row", "highest stake in 60 sessions", "stake rose to 5%"),
        ),
        (
            Signal(5, -1, 0, 250, -4.25, -30),
            (
                "down 1 session",
                "lowest stake in 250 sessions",
                "stake fell below 30%",
                "change 4.2 deviations from its usual",
            ),
        ),
    ],
)
def test_of_a_day_only_what_is_worth_it_is_told(signal: Signal, told: tuple[str, ...]) -> None:
    assert phrases.signal(signal) == told


def test_how_sure_a_reading_is_and_what_it_is_read_from() -> None:
    leg = Leg(5, 100, 500, 4.0, 4.0)
    read = event(Kind.SPLIT, leg, factor=Fraction(5))

    assert phrases.certainty(read) == "certain"
    assert phrases.certainty(replace(read, certainty=0.969)) == "96%"
    assert phrases.certainty(replace(read, kind=Kind.NEW_BASE, alternative=Kind.SPLIT)) == (
        "open: a split may follow"
    )
    suspect = replace(read, kind=Kind.SUSPECT, alternative=Kind.SPLIT, certainty=0.5)
    assert phrases.certainty(suspect) == "unsure: traded, or a split"
    assert phrases.witnesses(replace(read, witnesses=(Witness.SHARES, Witness.NAME))) == "holding, name"


def test_what_a_later_day_corrects_is_told_with_what_was_said() -> None:
    said, names = event(Kind.SUSPECT, Leg(5, 100, 500, 4.0, 20.0)), {5: "HSBC HOLDINGS PLC"}

    assert phrases.correction(Correction(said, None), names) == (
        "00005 HSBC HOLDINGS PLC, cannot be told on Wed 25 Feb 2026: "
        "no issued shares followed, so that it was bought or sold."
    )
    now = event(Kind.SPLIT, Leg(5, 100, 500, 4.0, 20.0), factor=Fraction(5))
    assert phrases.correction(Correction(said, now), {}).startswith(
        "00005, cannot be told on Wed 25 Feb 2026: split. 00005: 1 share became 5."
    )


def test_a_source_beside_the_holdings_is_told_with_its_newest_day_and_what_is_missing() -> None:
    until = datetime(2026, 2, 27, 12, 30, tzinfo=UTC)

    assert phrases.source(None, 0, None) == "none stored yet"
    assert phrases.source(date(2026, 2, 27), 1, None) == "newest Fri 27 Feb 2026, 1 day missing"
    assert phrases.source(date(2026, 2, 27), 2, until).endswith(
        "2 days missing, left alone until 27 Feb 20:30 HKT"
    )
    assert phrases.source_missing("the site has none (404)") == "The site has none (404)."
    assert phrases.source_missing("https://a.example/b: it has none") == "https://a.example/b: it has none."


def test_an_address_at_the_beginning_of_any_sentence_stays_as_it_is() -> None:
    said = "https://a.example/b: no answer"
    lost = MissingSession(date(2026, 2, 24), "{noted}", noted=said)

    assert phrases.missing(lost) == phrases.file_outcome(said, is_taken=True) == f"{said}."
