"""What the operator is told, in each language; also of what an older version remembered."""

import re
from datetime import UTC, date, datetime

import pytest

from southbound.common.language import Language, speaking
from southbound.common.remark import remark
from southbound.mail.alerts.incident_log import remembered
from southbound.mail.alerts.incidents import (
    Incident,
    in_quarantine,
    no_new_day,
    silent,
    site_changed,
    site_fails,
)
from southbound.mail.alerts.notice import BEGAN, ENDED, notice
from southbound.store.alert_log import IncidentState, known
from southbound.store.quarantine import Quarantined
from southbound.store.scraper_status import ScraperStatus, State

MOMENT = datetime(2026, 2, 27, 4, tzinfo=UTC)
STATUS = ScraperStatus(state=State.STOPPED, last_error="503")
INCIDENTS = [
    in_quarantine(Quarantined(date(2026, 2, 27), "12 < 300", MOMENT)),
    silent(STATUS, MOMENT),
    silent(ScraperStatus(state=State.POLLING), MOMENT),
    site_fails(STATUS),
    site_fails(ScraperStatus(state=State.FAILING)),
    site_changed(STATUS),
    site_fails(ScraperStatus(last_error=remark("no answer within {timeout_seconds} s", timeout_seconds=60))),
    site_changed(ScraperStatus(last_error=remark("the Chinese page has no list"))),
    no_new_day(date(2026, 2, 27), [date(2026, 2, 26)]),
    no_new_day(date(2026, 2, 27), []),
]
PARTIES = ("southbound@example.org", "ops@example.org")
NAMES = {
    *("HKEXnews", "Chromium"),
    *("southbound", "hkexnews", "page", "parser", "py", "scraper", "log", "config", "ini"),
}
"""Of sites, programs and files."""


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident.name)
@pytest.mark.parametrize("news", [BEGAN, ENDED])
@pytest.mark.parametrize("language", [Language.TRADITIONAL, Language.SIMPLIFIED])
def test_no_english_is_left_in_a_chinese_alert(incident: Incident, news: str, language: Language) -> None:
    state = known(remembered(1, incident).as_text())
    assert state is not None
    with speaking(language):
        mail = notice(incident.name, state, news, PARTIES)
    assert set(re.findall("[A-Za-z]+", f"{mail['Subject']} {mail.get_content()}")) <= NAMES


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda incident: incident.name)
def test_what_is_remembered_says_the_same_in_english(incident: Incident) -> None:
    with speaking(Language.TRADITIONAL):
        state = known(remembered(1, incident).as_text())
    assert state is not None
    assert (state.headline, state.sentence) == (incident.headline, incident.sentence)


@pytest.mark.parametrize(
    "values", [None, {}, {"day": "yesterday", "newest": ""}], ids=["an older version", "less", "no date"]
)
def test_what_cannot_be_said_anew_is_said_as_it_was(values: dict[str, str] | None) -> None:
    state = IncidentState(1, "no list of Fri 27 Feb 2026 yet", "It is late.", values=values)
    with speaking(Language.TRADITIONAL):
        mail = notice("no new day", state, BEGAN, PARTIES)
    assert mail["Subject"] == "港股通警示：no list of Fri 27 Feb 2026 yet"
    assert "It is late." in mail.get_content()
