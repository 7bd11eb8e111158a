"""A store that does not take our user, our password or our command: said once, and what to do about it."""

import logging
import re
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from replay.site import ReplaySite
from southbound import dashboard
from southbound.commands.check import check_scraper
from southbound.common.errors import StoreRefused
from southbound.common.retry import REFUSED_PAUSE_SECONDS
from southbound.config.settings import RedisSettings, ScraperSettings, Settings
from southbound.dashboard.state.resources import configured, process
from southbound.mail.worker import keep_looking
from southbound.scraping import service as scraper_module
from southbound.scraping.service import Scraper
from southbound.store import keys
from southbound.store.client import connect
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import StatusBoard
from tests.conftest import ROOT, EndOfTest, becomes_true
from tests.dashboard.reading import messages, text
from tests.doors.conftest import DASHBOARD, MAILER, SCRAPER, Guarded, Run, Started
from tests.scraping.conftest import BareReader, offered

AsUser = Callable[[str], HoldingsStore]


def with_password(url: str, password: str) -> str:
    return re.sub(r"[^:/]+-password", password, url)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("", "the user default has to log in; set user and password in REDIS_URL"),
        (":forgotten@", "the user default is not taken; set user and password in REDIS_URL"),
        (f"{SCRAPER}:forgotten@", f"the user {SCRAPER} is not taken; set user and password in REDIS_URL"),
        ("nobody:forgotten@", "the user nobody is not taken; set user and password in REDIS_URL"),
        (f"{MAILER}:mailer-password@", f"the user {MAILER} lacks a right, see docs/store-users.acl"),
    ],
    ids=["no password", "wrong password", "a user's wrong password", "unknown user", "too few rights"],
)
@pytest.mark.parametrize("protocol", [2, 3])
def test_the_message_names_the_store_the_user_and_what_to_do(
    who: str, said: str, protocol: int, guarded: Guarded, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = HoldingsStore.at(
        RedisSettings(url=f"redis://{who}127.0.0.1:{guarded.port}/0?protocol={protocol}")
    )

    with pytest.raises(StoreRefused) as caught:
        store.mend()

    assert str(caught.value).startswith(f"the store at 127.0.0.1:{guarded.port} refuses us: {said} (")
    told = caplog.text + "".join(traceback.format_exception(caught.value))
    assert not [password for password in ("forgotten", "mailer-password") if password in told]
    store.client.close()


def test_the_check_ends_with_the_message(guarded: Guarded, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = RedisSettings(url=with_password(guarded.url(SCRAPER), "forgotten"))

    assert check_scraper(Settings(redis=wrong)) == 1

    assert f"refuses us: the user {SCRAPER} is not taken" in capsys.readouterr().out


def test_each_command_ends_with_the_message(
    guarded: Guarded, start: Callable[..., Started], tmp_path: Path
) -> None:
    wrong = with_password(guarded.url(SCRAPER), "forgotten")

    ended = [
        start(str(ROOT / script), *arguments, REDIS_URL=wrong)
        for script, *arguments in (
            ("backend_scraper.py", "--once"),
            ("email_automation.py", "--once"),
        )
    ]

    assert [process.wait(90) for process in ended] == [1] * len(ended)
    output = (tmp_path / "output").read_text(encoding="utf-8")
    assert output.count(f"refuses us: the user {SCRAPER} is not taken; set user and password in") == len(
        ended
    )
    assert "forgotten" not in output
    assert "Traceback" not in output


def refusals(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if "refuses us" in record.message]


class Mending:
    """Counts the pauses, and shortens them. After some it mends what was broken; it ends what has no end."""

    def __init__(self, after: int, mend: Callable[[], object], is_done: Callable[[], object]) -> None:
        self._after, self._mend, self._is_done = after, mend, is_done
        self.pauses: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        time.sleep(0.01)
        if len(self.pauses) == self._after:
            self._mend()
        if self._is_done() or len(self.pauses) == 1000:
            raise EndOfTest


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("resetpass >another", "resetpass >scraper-password"),
        ("-set", "+set"),
    ],
    ids=["wrong password", "too few rights"],
)
def test_a_scraper_says_it_once_and_goes_on_when_it_is_mended(
    broken: str,
    mended: str,
    guarded: Guarded,
    as_user: AsUser,
    url: str,
    site: ReplaySite,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(scraper_module, "REFUSED_PAUSE_SECONDS", 0.01)
    days = offered(site, 2)
    guarded.allow(SCRAPER, *broken.split())
    store = as_user(SCRAPER)
    settings = ScraperSettings(
        url=url, interval_seconds=0.1, min_gap_seconds=0.0, backfill_days=2, chinese_names=False
    )
    sleep = Mending(
        60,
        lambda: guarded.allow(SCRAPER, *mended.split()),
        lambda: guarded.admin.zcard(keys.DATES) == len(days),
    )
    scraper = Scraper(BareReader(url), store, StatusBoard(store.client), settings, sleep)

    with pytest.raises(EndOfTest):
        scraper.run()

    scraper.close()
    critical = [record.message for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(critical) == len(refusals(caplog)) == 1
    assert store.dates() == days
    assert len(sleep.pauses) < 1000


def test_a_mailer_says_it_once_and_goes_on_when_it_is_mended(
    guarded: Guarded, as_user: AsUser, caplog: pytest.LogCaptureFixture
) -> None:
    guarded.allow(MAILER, "resetpass", ">another")
    store = as_user(MAILER)
    seen: list[int] = []
    sleep = Mending(
        4,
        lambda: guarded.allow(MAILER, "resetpass", ">mailer-password"),
        lambda: False,
    )

    def look() -> None:
        seen.append(store.version())
        raise EndOfTest

    with pytest.raises(EndOfTest):
        keep_looking(store, [look], sleep)

    assert sleep.pauses == [REFUSED_PAUSE_SECONDS] * 4
    assert seen == [0]
    assert len(refusals(caplog)) == 1


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], AppTest]]:
    monkeypatch.chdir(tmp_path)

    def open_page(url: str) -> AppTest:
        monkeypatch.setenv("REDIS_URL", url)
        page = AppTest.from_file(str(Path(dashboard.__file__).with_name("page.py")), default_timeout=60)
        page.run()
        assert not page.exception
        return page

    yield open_page
    process().store_watcher.stop()
    process.cache_clear()
    configured.cache_clear()


def test_the_page_says_who_must_act_and_shows_the_figures_when_it_is_mended(
    guarded: Guarded,
    as_user: AsUser,
    recorded: dict[object, object],
    open_page: Callable[[str], AppTest],
    caplog: pytest.LogCaptureFixture,
) -> None:
    scraper = as_user(SCRAPER)
    for holdings in list(recorded.values())[-2:]:
        scraper.put(holdings)  # type: ignore[arg-type]
    guarded.allow(DASHBOARD, "-mget")
    page = open_page(guarded.url(DASHBOARD))
    [message] = messages(page)
    assert "The store refuses this dashboard" in message
    assert f"the user {DASHBOARD} lacks a right, see docs/store-users.acl" in message

    guarded.allow(DASHBOARD, "+mget")
    guarded.admin.publish("data_updated", "2026-02-27")
    assert becomes_true(lambda: process().store_watcher.snapshot().trouble is None)
    page.run()

    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    assert len(refusals(caplog)) <= 1


def test_check_config_shows_no_password(guarded: Guarded, run: Run) -> None:
    ended = run("backend_scraper.py", "--check-config", REDIS_URL=guarded.url(SCRAPER))

    assert ended.returncode == 0
    assert "scraper-password" not in ended.stdout
    assert f"redis://***@127.0.0.1:{guarded.port}/0" in ended.stdout


def test_a_password_may_hold_every_sign_as_it_is_written_in_an_address(guarded: Guarded) -> None:
    guarded.allow("odd", "on", ">p@s:s/w?o%r#d", "+ping")

    with connect(
        RedisSettings(url=f"redis://odd:p%40s%3As%2Fw%3Fo%25r%23d@127.0.0.1:{guarded.port}/0")
    ) as client:
        assert client.ping()
    guarded.admin.acl_deluser("odd")
