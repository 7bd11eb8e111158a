"""What a status says in sentences is read in the reader's language, whoever wrote it."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from southbound.common.language import Language, speaking
from southbound.common.remark import Remark, remark
from southbound.presentation.messages import translated
from southbound.store import keys, status_remarks
from southbound.store.folder_status import FileOutcome, FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ScraperStatus, SourceStatus, State, StatusBoard, read_status

NOW = datetime(2026, 2, 28, 9, 30, tzinfo=UTC)
FAILED = remark("no answer within {timeout_seconds} s", timeout_seconds=60)
NONE = remark("{what}: the site has none (404)", what="d260227e.htm")
TAKEN = remark(
    "{what}: {count} counters stored",
    what=remark("{board} of {day}", board="GEM", day="2026-02-27"),
    count=310,
)
CLOSED = remark("the folder cannot be read: {why}", why="Permission denied")
SAID = {
    "last_error": FAILED,
    "prices": SourceStatus(missing=((date(2026, 2, 27), NONE), (date(2026, 2, 26), NONE))),
    "price_files": FolderStatus(1, (FileOutcome("d260227e.htm", NOW, TAKEN, is_taken=True),), CLOSED),
}


def sentences(status: ScraperStatus | None) -> list[str]:
    """Those of `SAID`, in the language that is spoken."""
    assert status is not None
    assert status.prices is not None
    assert status.price_files is not None
    [outcome] = status.price_files.outcomes
    told = (
        status.last_error,
        *(why for _, why in status.prices.missing),
        outcome.told,
        status.price_files.trouble,
    )
    return [translated(said) for said in told]


def test_they_are_english_in_the_store_and_the_readers_own_on_the_page(store: HoldingsStore) -> None:
    StatusBoard(store.client).say(state=State.FAILING, **SAID)

    assert store.client.hget(keys.STATUS, "last_error") == "no answer within 60 s"
    read = read_status(store.client)
    assert sentences(read) == [FAILED, NONE, NONE, TAKEN, CLOSED]
    with speaking(Language.TRADITIONAL):
        assert sentences(read) == [
            "60秒內沒有回應",
            "d260227e.htm：網站沒有該檔案（404）",
            "d260227e.htm：網站沒有該檔案（404）",
            "2026-02-27的GEM：已儲存310隻證券",
            "無法讀取資料夾：Permission denied",
        ]


def test_an_older_scrapers_sentences_stand_for_themselves(store: HoldingsStore) -> None:
    StatusBoard(store.client).say(**SAID)
    store.client.hset(keys.STATUS, "last_error", "HTTP 503 of an older version")

    read = read_status(store.client)

    assert read is not None
    assert read.last_error == "HTTP 503 of an older version"
    assert not isinstance(read.last_error, Remark)
    store.client.hdel(keys.STATUS, status_remarks.FIELD)
    with speaking(Language.TRADITIONAL):
        assert sentences(read_status(store.client))[1:] == [NONE, NONE, TAKEN, CLOSED]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[" * 100_000,
        json.dumps({"the site is away": 7}),
        json.dumps({"the site is away": ["the site is {how}", {"how": "well"}]}),
        json.dumps({"the site is away": ["{a:>1000000000}", {"a": "x"}]}),
        json.dumps({"the site is away": ["the site is away", {}], "x": "x" * status_remarks.LONGEST}),
    ],
)
def test_what_says_another_thing_than_the_sentence_is_passed_over(text: str) -> None:
    status = ScraperStatus(last_error="the site is away")

    read = status_remarks.with_remarks(status, text)

    assert read == status
    assert not isinstance(read.last_error, Remark)


def test_a_state_is_no_sentence() -> None:
    read = status_remarks.with_remarks(
        ScraperStatus(state=State.FAILING), json.dumps({"failing": ["failing", {}]})
    )
    assert read.state is State.FAILING


def test_what_would_be_too_much_is_left_to_the_sentences() -> None:
    reasons: Any = tuple(
        (date.fromordinal(735_000 + number), remark("{number}: {what}", number=number, what="x" * 400))
        for number in range(200)
    )
    text = status_remarks.remarks_text(ScraperStatus(prices=SourceStatus(missing=reasons)))
    assert len(text) <= status_remarks.LONGEST
    assert len(json.loads(text)) > 10
