"""The data status and the mail on a Chinese page."""

from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from southbound.common.language import Language
from southbound.common.remark import remark
from southbound.market.daily_holdings import DailyHoldings
from southbound.store.folder_status import FileOutcome, FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ArchivedKind, SourceStatus, State, StatusBoard
from tests.chinese import CHINESE, english_left
from tests.dashboard.reading import messages, tables, text

OpenPage = Callable[..., AppTest]

NOW = datetime(2026, 2, 28, 1, 0, tzinfo=UTC)
HELD, OLD, NEWEST = date(2026, 2, 24), date(2026, 2, 20), date(2026, 2, 27)
NONE = remark("{what}: the site has none (404)", what="260227")
STATUS = {
    "state": State.WAITING,
    "last_success": NOW,
    "next_session": date(2026, 3, 2),
    "last_error": remark("no answer within {timeout_seconds} s", timeout_seconds=60),
    "archive_days": 4,
    "archive_first": OLD,
    "archive_last": NEWEST,
    "archive_beside": (ArchivedKind("prices", 3, OLD, NEWEST),),
    "archive_behind": NOW,
    "archive_trouble": remark(
        "the file {name} of the archive is damaged: {reason}", name="1", reason=remark("it is gone")
    ),
    "prices": SourceStatus(newest=OLD, missing=((NEWEST, NONE), (HELD, remark("not read yet")))),
    "price_files": FolderStatus(
        2,
        (
            FileOutcome(
                "1", NOW, remark("{what}: {count} counters stored", what="2026-02-27", count=7), is_taken=True
            ),
            FileOutcome("2", NOW, remark("no text in UTF-8"), is_taken=False),
        ),
    ),
    "import_files": FolderStatus(trouble=remark("the folder cannot be read: {why}", why="1")),
}


@pytest.mark.parametrize("language", CHINESE)
def test_no_english_is_left_in_the_datas_status(
    store: HoldingsStore,
    recorded: dict[date, DailyHoldings],
    open_page: Callable[..., AppTest],
    language: Language,
) -> None:
    for day in sorted(recorded)[-6:]:
        if day != HELD:
            store.put(recorded[day])
    store.put(recorded[NEWEST])
    store.quarantine.quarantine(HELD, remark("{rows} rows, want at least {least}", rows=12, least=300), None)
    StatusBoard(store.client).say(**STATUS)

    page = open_page(tab="data", lang=str(language))

    told = [
        text(page),
        *messages(page),
        *(word for table in tables(page) for row in table for part in row.items() for word in part),
    ]
    assert set(english_left("\n".join(told))) <= {"UTF"}
    assert any("260227" in word for word in told)


@pytest.mark.usefixtures("filled")
def test_the_newest_mail_is_in_the_pages_language(open_page: OpenPage) -> None:
    page = open_page(tab="mail", lang="zh-Hant")
    assert "2026年2月27日（週五）的電郵；尚未寄給任何人" in text(page)
    [frame] = page.get("iframe")
    mail = b64decode(frame.proto.src.partition("base64,")[2]).decode()
    assert 'lang="zh-Hant"' in mail
    assert "港股通" in mail
