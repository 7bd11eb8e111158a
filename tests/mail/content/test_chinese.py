"""The mail in Chinese: nothing of it is left in English but names and codes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from lxml import html

from replay.figures import chinese_names
from southbound.common.language import Language, writing_for
from southbound.config.settings import EmailSettings
from southbound.mail.content.builder import MailBuilder
from southbound.mail.content.message import RenderedMail
from southbound.mail.content.render import rendered
from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.presentation.links import Links
from southbound.presentation.stock_names import reader, simplified
from southbound.store.holdings_store import HoldingsStore
from tests.chinese import CHINESE, english_left

Days = Mapping[date, DailyHoldings]
DAY = date(2026, 2, 26)


@pytest.fixture(params=CHINESE, scope="module")
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture(scope="module")
def letter(recorded: Days, language: Language) -> RenderedMail:
    with writing_for(reader(language, chinese_names())):
        made = report(History.of(recorded.values()), DAY, watchlist=(700, 5, 1, 99999))
        return rendered(made, Links("https://dashboard.example.org", DAY))


def parsed(page: str) -> Any:
    return html.document_fromstring(page)


def test_no_english_is_left_in_the_text(letter: RenderedMail) -> None:
    assert english_left(letter.text) == []


def test_no_english_is_left_on_the_page_or_in_what_is_read_aloud(letter: RenderedMail) -> None:
    page = parsed(letter.html)
    alternatives = " ".join(image.get("alt", "") for image in page.iter("img"))
    shown = " ".join(page.find("body").itertext())
    assert english_left(f"{shown} {alternatives} {letter.subject}") == []


def test_the_page_says_which_language_it_is_in(letter: RenderedMail, language: Language) -> None:
    assert parsed(letter.html).get("lang") == language


def test_a_stock_has_its_chinese_name_and_the_english_one_below(
    letter: RenderedMail, language: Language
) -> None:
    name = {Language.TRADITIONAL: "騰訊控股", Language.SIMPLIFIED: "腾讯控股"}[language]
    assert f"00700 {name}" in letter.text
    english = [below.text_content() for below in parsed(letter.html).xpath('//span[@lang="en"]')]
    assert any(text.startswith("TENCENT HOLDINGS") for text in english)


def test_the_two_scripts_do_not_mix(recorded: Days) -> None:
    made = report(History.of(recorded.values()), DAY)
    texts = {}
    for language in CHINESE:
        with writing_for(reader(language, chinese_names())):
            texts[language] = rendered(made, Links(None, DAY)).text
    assert simplified(texts[Language.SIMPLIFIED]) == texts[Language.SIMPLIFIED]
    assert "連增" in texts[Language.TRADITIONAL]
    assert "连增" in texts[Language.SIMPLIFIED]


def test_each_recipient_has_the_mail_in_a_language_of_their_own(store: HoldingsStore, recorded: Days) -> None:
    for day in sorted(recorded)[-6:]:
        store.put(recorded[day])
    store.put_stock_names(chinese_names())
    day = max(recorded)
    builder = MailBuilder(store, EmailSettings(language=Language.TRADITIONAL))

    assert builder.mail(day).subject.startswith("港股通 2026年2月27日（週五）")
    assert builder.mail(day, Language.SIMPLIFIED).subject.startswith("港股通 2026年2月27日（周五）")
    assert builder.mail(day, Language.ENGLISH).subject.startswith("Southbound Fri 27 Feb 2026")
    assert builder.mail(day) is builder.mail(day, Language.TRADITIONAL)
