"""The mail of a recorded day as it reads, word by word, in each language.

Where it is to read otherwise, `python -m tests.mail.content.test_golden` writes the three texts anew, to be
looked at and committed with the change.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from replay.figures import chinese_names, recorded_days
from southbound.common.language import Language, writing_for
from southbound.mail.content.render import rendered
from southbound.mail.content.report import report
from southbound.market.companions import Companions
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.presentation.links import Links
from southbound.presentation.stock_names import reader
from tests import money_by_hand
from tools.benchmarks.stored_days import as_holdings

GOLDEN = Path(__file__).parent / "golden"
NEWEST = date(2026, 2, 27)


def as_read(language: Language, days: Iterable[DailyHoldings]) -> str:
    """Subject, the plain text, and what stands in the HTML, a line for each piece of it."""
    companions = Companions(money_by_hand.prices(), money_by_hand.turnover())
    with writing_for(reader(language, chinese_names())):
        made = report(History.of(days), NEWEST, watchlist=(700, 5, 2160), companions=companions)
        mail = rendered(made, Links("https://southbound.example.org", NEWEST))
    body: Any = html.document_fromstring(mail.html).find("body")
    shown = [" ".join(piece.split()) for piece in body.itertext()]
    drawn = [image.get("alt") for image in body.iter("img")]
    return "\n".join([mail.subject, "", mail.text, "", *filter(None, shown), "", *drawn, ""])


@pytest.mark.parametrize("language", Language)
def test_the_mail_reads_as_it_was_looked_at(
    language: Language, recorded: Mapping[date, DailyHoldings]
) -> None:
    assert as_read(language, recorded.values()) == (GOLDEN / f"{language}.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for each in Language:
        (GOLDEN / f"{each}.txt").write_text(
            as_read(each, map(as_holdings, recorded_days().values())), encoding="utf-8"
        )
