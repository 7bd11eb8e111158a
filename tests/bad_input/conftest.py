"""What the other folders' tests have: the page's browser, a real mail server, the dashboard in a session."""

from collections.abc import Iterator

import pytest

from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import SiteClient
from tests.dashboard.conftest import open_page, server
from tests.hkexnews.conftest import NO_PACE, browser, look_at
from tests.mail.conftest import authority, email_settings, inbox, inbox_server, mail, protected, trusted

__all__ = [
    "authority",
    "browser",
    "email_settings",
    "inbox",
    "inbox_server",
    "look_at",
    "mail",
    "open_page",
    "protected",
    "server",
    "trusted",
]


@pytest.fixture(scope="module")
def shared_browser(stage_url: str) -> Iterator[SiteClient]:
    """One that is patient: 100 MB take their time."""
    browser = SiteClient(ScraperSettings(url=stage_url, timeout_seconds=30), NO_PACE)
    yield browser
    browser.stop()
