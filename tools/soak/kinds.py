"""Every kind of fault that a run makes, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from replay.faults import Fault
from replay.file_faults import FileFault

LIVES_SECONDS = 65.0
"""Between two kills of one program. The supervisor forgets the failures of one that lived for a minute: its
pauses do not grow, and a run does not consist of them."""

TAKES_OVER_SECONDS = 40.0
"""Between two kills of scrapers: there are two of them, and the other one takes over within that time."""

GROWS_SECONDS = 270.0
"""Between two kills of the dashboard, so that its growth can be judged, see `tools.soak.leak_check`."""


FAILOVER_SECONDS = 20.0
"""From when a server is back to the next fault of one: it is linked again, and the sentinels agree."""


class Part(StrEnum):
    """What must be well again before a fault counts as survived."""

    STORE = "store"
    SCRAPER = "scraper"
    MAIL = "mail"
    MAILER = "e-mailer"
    DASHBOARD = "dashboard"


class StoreKind(StrEnum):
    """Which store a run has."""

    OWN = "own"  # as `make run` starts it
    SENTINEL = "sentinel"  # three servers that three sentinels watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of fault.

    Attributes:
        hits: what must be well again after it.
        shortest, longest: seconds that it lasts; none for what is done in a moment.
        weight: how often, beside the others.
        apart: faults with the same word here keep `apart_seconds` between them, whatever their kind.
        of: the only store that it can hit; None for any.
    """

    hits: tuple[Part, ...]
    shortest: float = 0.0
    longest: float = 0.0
    weight: float = 1.0
    apart: str = ""
    apart_seconds: float = 0.0
    of: StoreKind | None = None


_ALL = (Part.STORE, Part.SCRAPER, Part.MAILER, Part.DASHBOARD)


def _site(shortest: float, longest: float, weight: float = 0.6) -> Kind:
    return Kind(hits=(Part.SCRAPER,), shortest=shortest, longest=longest, weight=weight)


def _lethal(
    program: str, *hits: Part, longest: float = 0.0, weight: float = 2.0, seconds: float = LIVES_SECONDS
) -> Kind:
    return Kind(
        hits=hits,
        shortest=longest / 2,
        longest=longest,
        weight=weight,
        apart=program,
        apart_seconds=seconds,
        of=StoreKind.OWN if program == "store" else None,
    )


def _mail(shortest: float, longest: float) -> Kind:
    # One at a time: which of two made a mail fail could not be told.
    return Kind(hits=(Part.MAIL,), shortest=shortest, longest=longest, apart="mail", apart_seconds=12.0)


def _failover(longest: float, weight: float = 2.0) -> Kind:
    return Kind(
        hits=_ALL,
        shortest=longest / 2,
        longest=longest,
        weight=weight,
        apart="failover",
        apart_seconds=FAILOVER_SECONDS,
        of=StoreKind.SENTINEL,
    )


def _clock(*hits: Part) -> Kind:
    # The e-mailer tells the operator what has stood for a minute: a wrong clock must stand for longer.
    return Kind(hits=hits, shortest=20.0, longest=80.0, apart="clock", apart_seconds=5.0)


KINDS: Mapping[str, Kind] = {
    **{f"site: {fault}": _site(2.0, 8.0) for fault in Fault},
    "site: the form of 2018": _site(5.0, 15.0),
    "site: slow": _site(4.0, 12.0),
    "site: restates its newest day": _site(0.0, 0.0, weight=2.0),
    "site: half a list for a day": _site(6.0, 12.0, weight=1.5),
    # The scraper, too, since it reads the files: it looks at its page as ever meanwhile.
    **{f"files: {fault}": _site(4.0, 12.0, weight=0.3) for fault in FileFault},
    "files: a page where there are none": _site(5.0, 15.0, weight=0.3),
    "files: a spreadsheet has gone over them": _site(5.0, 15.0, weight=0.3),
    "Chromium killed": Kind(hits=(Part.SCRAPER,), weight=2.0, apart="Chromium", apart_seconds=10.0),
    "Chromium frozen": Kind(
        hits=(Part.SCRAPER,), shortest=8.0, longest=25.0, apart="Chromium", apart_seconds=30.0
    ),
    "chromedriver killed": Kind(hits=(Part.SCRAPER,), apart="Chromium", apart_seconds=10.0),
    "chromedriver frozen": Kind(
        hits=(Part.SCRAPER,), shortest=8.0, longest=25.0, apart="Chromium", apart_seconds=30.0
    ),
    "the writing scraper killed": _lethal("writer", Part.SCRAPER, weight=3.0, seconds=TAKES_OVER_SECONDS),
    "the writing scraper frozen": _lethal("writer", Part.SCRAPER, longest=24.0, seconds=TAKES_OVER_SECONDS),
    "the standby killed": _lethal("writer", Part.SCRAPER, seconds=TAKES_OVER_SECONDS),
    "both scrapers killed": _lethal("writer", Part.SCRAPER, weight=1.0, seconds=TAKES_OVER_SECONDS),
    "a stored day damaged, and both scrapers killed": _lethal(
        "writer", Part.SCRAPER, weight=1.0, seconds=TAKES_OVER_SECONDS
    ),
    "a stored day deleted, and both scrapers killed": _lethal(
        "writer", Part.SCRAPER, weight=1.0, seconds=TAKES_OVER_SECONDS
    ),
    "e-mailer killed": _lethal("e-mailer", Part.MAILER),
    "e-mailer killed at the final dot": _lethal("e-mailer", Part.MAILER, longest=50.0, weight=3.0),
    "e-mailer frozen": Kind(
        hits=(Part.MAILER,), shortest=4.0, longest=15.0, apart="e-mailer frozen", apart_seconds=40.0
    ),
    "dashboard killed": _lethal("dashboard", Part.DASHBOARD, seconds=GROWS_SECONDS),
    "dashboard frozen": Kind(
        hits=(Part.DASHBOARD,), shortest=3.0, longest=10.0, apart="dashboard frozen", apart_seconds=40.0
    ),
    "store ended": _lethal("store", *_ALL),
    "store killed": _lethal("store", *_ALL, weight=3.0),
    "store and its keeper killed": _lethal("store", *_ALL),
    "store frozen": Kind(
        hits=_ALL, shortest=2.0, longest=9.0, apart="store frozen", apart_seconds=20.0, of=StoreKind.OWN
    ),
    "store full": Kind(
        hits=_ALL, shortest=3.0, longest=8.0, apart="store full", apart_seconds=20.0, of=StoreKind.OWN
    ),
    "store cuts all connections": Kind(hits=_ALL),
    "store loses the list of dates": Kind(hits=_ALL, weight=0.5),
    "store loses everything": Kind(hits=_ALL, apart="flush", apart_seconds=60.0),
    "Sentinel: primary killed": _failover(14.0, weight=3.0),
    "Sentinel: primary frozen": _failover(10.0),
    "Sentinel: replica killed": _failover(10.0, weight=1.0),
    "mail: 4xx to every message": _mail(5.0, 15.0),
    "mail: 4xx to one recipient": _mail(5.0, 15.0),
    "mail: 5xx to one recipient": _mail(5.0, 15.0),
    "mail: 5xx to every message, for the account": _mail(5.0, 15.0),
    "mail: 5xx to every message, for the sender": _mail(5.0, 15.0),
    "mail: 421 to every message": _mail(5.0, 15.0),
    "mail: 5xx to the sender": _mail(5.0, 15.0),
    "mail: cut before the final dot is answered": _mail(10.0, 25.0),
    "mail: taken, and cut before the answer": _mail(10.0, 25.0),
    "mail: server away": _mail(5.0, 20.0),
    "mail: server silent": _mail(5.0, 15.0),
    "channel: no date": Kind(hits=(Part.MAILER, Part.DASHBOARD)),
    "channel: a date that is not stored": Kind(hits=(Part.MAILER, Part.DASHBOARD)),
    "channel: bytes that are no text": Kind(hits=(Part.MAILER, Part.DASHBOARD)),
    "channel: 8 MB": Kind(hits=(Part.MAILER, Part.DASHBOARD), weight=0.5),
    "channel: thousands at once": Kind(hits=(Part.MAILER, Part.DASHBOARD)),
    "clock of the scrapers": _clock(Part.SCRAPER),
    "clock of the e-mailer": _clock(Part.MAILER),
    "clock of the dashboard": _clock(Part.DASHBOARD),
}


def kinds_of(store: StoreKind) -> Mapping[str, Kind]:
    """Those that can hit something where the store is of that kind."""
    return {name: kind for name, kind in KINDS.items() if kind.of in {None, store}}
