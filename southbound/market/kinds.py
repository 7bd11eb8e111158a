"""What a code is: a share, an exchange-traded fund, a REIT or something else; and which are asked for.

The list of shareholdings does not say it. HKEX's list of securities does, and counts if it is given. Else the
code does, by HKEX's stock code allocation plan, which keeps ranges for exchange-traded products, debt and
structured products; REITs have no range in Hong Kong dollars, so their names tell. Stapled units, H shares
and depositary receipts are shares: all of them are ownership of one company.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Self

import numpy as np

from southbound.market.changes import Changes
from southbound.market.daily_holdings import Bools, Ints


class StockKind(StrEnum):
    """What a code is."""

    SHARE = "share"
    ETF = "etf"
    """An exchange-traded fund, or a leveraged or inverse product."""
    REIT = "reit"
    OTHER = "other"
    """Debt, warrants, and funds that are neither of those."""


class KindChoice(StrEnum):
    """Which kinds a reader asks for, as an address writes it."""

    SHARES = "shares"
    FUNDS = "funds"
    ALL = "all"

    @property
    def kinds(self) -> frozenset[StockKind]:
        """Those that it has."""
        return _OF_CHOICE[self]


_OF_CHOICE = {
    KindChoice.SHARES: frozenset({StockKind.SHARE}),
    KindChoice.FUNDS: frozenset({StockKind.ETF, StockKind.REIT}),
    KindChoice.ALL: frozenset(StockKind),
}

KIND_NAMES = {
    StockKind.SHARE: "Share",
    StockKind.ETF: "ETF",
    StockKind.REIT: "REIT",
    StockKind.OTHER: "Other",
}
"""For a column."""

_ETF_CODES = (
    (2800, 2849),
    (3000, 3199),
    (3400, 3499),
    (7200, 7399),
    (7500, 7599),
    (7700, 7799),
    (9000, 9399),
    (9400, 9599),
    (9700, 9849),
)
"""Exchange-traded funds, leveraged and inverse products, and their counters in US dollars."""

_OTHER_CODES = ((4000, 6029), (6750, 6799), (10000, 79999), (84000, 86999))
"""Debt, preference shares and warrants of professional investors, structured products."""

_RENMINBI = 80000
"""Added to the code of a security for its counter in renminbi."""

_RENMINBI_TRUSTS = range(87000, 87100)
"""Unit trusts that are no exchange-traded funds."""

_ETF_NAME = re.compile(
    r"(?<![A-Z])(?:ETFS?|TRACKER FUND|(?:LEVERAGED|INVERSE) PRODUCT)(?![A-Z])", re.IGNORECASE
)
_REIT_NAME = re.compile(
    r"(?<![A-Z])(?:REITS?|REAL ESTATE INVESTMENT TRUST)(?![A-Z])"
    r"|[產产][業业]信[託托]|房[託托]|房地?[產产](?:投[資资])?(?:信[託托]|基金)",
    re.IGNORECASE,
)


@lru_cache(maxsize=2**14)
def kind_of(code: int, name: str) -> StockKind:
    """What a code is by its name and its number.

    Args:
        code: of the security.
        name: as the page writes it, in English or Chinese; empty if it is not known.
    """
    if _REIT_NAME.search(name):
        return StockKind.REIT
    if _ETF_NAME.search(name) or _within(code, _ETF_CODES) or _within(code - _RENMINBI, _ETF_CODES):
        return StockKind.ETF
    if code in _RENMINBI_TRUSTS or _within(code, _OTHER_CODES):
        return StockKind.OTHER
    return StockKind.SHARE


def _within(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def kind_of_category(category: str) -> StockKind:
    """What HKEX's list of securities calls a security, in its columns `Category` and `Sub-Category`.

    Args:
        category: the text of the first, or of both.
    """
    words = category.casefold()
    if "exchange traded" in words or "leveraged and inverse" in words:
        return StockKind.ETF
    if "real estate investment trust" in words:
        return StockKind.REIT
    return StockKind.SHARE if words.startswith("equity") and "warrant" not in words else StockKind.OTHER


@dataclass(frozen=True, slots=True)
class StockKinds:
    """What each code is.

    Attributes:
        listed: what the list of securities says; empty if there is none.
    """

    listed: Mapping[int, StockKind] = field(default_factory=dict)

    @classmethod
    def of_categories(cls, categories: Mapping[int, str]) -> Self:
        """By what HKEX's list of securities calls each code."""
        return cls({code: kind_of_category(category) for code, category in categories.items()})

    def of(self, code: int, name: str) -> StockKind:
        """What a code is: as it is listed, or else by its name and number."""
        return self.listed.get(code) or kind_of(code, name)

    def chosen(self, choice: KindChoice, codes: Ints | Sequence[int], names: Iterable[str]) -> Bools:
        """Which of N stocks are of the kinds that are asked for: (N,), in their order.

        Args:
            choice: the kinds.
            codes: of the stocks.
            names: likewise.
        """
        numbers = codes.tolist() if isinstance(codes, np.ndarray) else codes
        wanted = choice.kinds
        return np.array(
            [self.of(code, name) in wanted for code, name in zip(numbers, names, strict=True)],
            dtype=np.bool_,
        )

    def only(self, choice: KindChoice, changes: Changes) -> Changes:
        """The changes of the stocks of some kinds alone: what is counted or ranked of it leaves out the rest.

        Args:
            choice: the kinds.
            changes: of two dates.
        """
        if choice is KindChoice.ALL:
            return changes
        kept = self.chosen(choice, changes.codes, changes.names)
        wanted = choice.kinds
        name_of = dict(zip(changes.codes.tolist(), changes.names, strict=True))
        name_of |= {stake.code: stake.name for stake in (*changes.added, *changes.removed)}
        return replace(
            changes,
            codes=changes.codes[kept],
            names=tuple(name for name, keep in zip(changes.names, kept.tolist(), strict=True) if keep),
            old_shares=changes.old_shares[kept],
            new_shares=changes.new_shares[kept],
            old_percents=changes.old_percents[kept],
            new_percents=changes.new_percents[kept],
            base_points=changes.base_points[kept],
            net_buying=changes.net_buying[kept],
            suspect=changes.suspect[kept],
            added=tuple(stake for stake in changes.added if self.of(stake.code, stake.name) in wanted),
            removed=tuple(stake for stake in changes.removed if self.of(stake.code, stake.name) in wanted),
            events=tuple(
                event
                for event in changes.events
                if self.of(event.code, name_of.get(event.code, "")) in wanted
            ),
        )
