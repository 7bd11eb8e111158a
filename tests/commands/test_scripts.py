"""The three scripts as a user starts them: what they say, and the status they end with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from replay.site import ReplaySite
from southbound.config.settings import RedisSettings, variables
from southbound.store.holdings_store import HoldingsStore
from tests.conftest import ROOT

SCRIPTS = ["backend_scraper.py", "app.py", "email_automation.py"]


def run(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A script of ours, in a folder and an environment that hold no other configuration."""
    inherited = {name: value for name, value in os.environ.items() if name not in variables()}
    return subprocess.run(
        [sys.executable, str(ROOT / arguments[0]), *arguments[1:]],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_check_config_shows_what_is_in_force_and_no_secret(script: str, tmp_path: Path) -> None:
    (tmp_path / "config.ini").write_text("[scraper]\nbackfill_days = 30\n")
    (tmp_path / ".env").write_text("SMTP_USERNAME=ada\nSMTP_PASSWORD=sesame\n")

    result = run(tmp_path, script, "--check-config", REDIS_URL="redis://:opensesame@127.0.0.1:6379/0")

    assert result.returncode == 0, result.stderr
    assert "[scraper] backfill_days = 30" in result.stdout
    assert "[redis] url = redis://***@127.0.0.1:6379/0" in result.stdout
    assert "sesame" not in result.stdout + result.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_check_config_names_every_problem_at_once(script: str, tmp_path: Path) -> None:
    (tmp_path / "config.ini").write_text("[scraper]\nintervall_seconds = 60\n[email]\nsmtp_port = never\n")

    result = run(tmp_path, script, "--check-config", SCRAPING_BACKFILL_DAYS="0")

    assert result.returncode == 2
    assert result.stdout == ""
    assert "[scraper] intervall_seconds: no such key, did you mean interval_seconds?" in result.stderr
    assert "[email] smtp_port: got 'never', want a whole number" in result.stderr
    assert "[scraper] backfill_days: got '0', want" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_log_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "scraper.log").symlink_to(tmp_path / "no such folder" / "scraper.log")

    result = run(tmp_path, "backend_scraper.py", "--once")

    assert result.returncode == 2
    assert result.stderr.strip() == (
        "[scraper] log_file: got 'scraper.log', want a file that can be written (No such file or directory)"
    )


def test_a_scraper_with_a_wrong_configuration_does_not_start(tmp_path: Path) -> None:
    result = run(tmp_path, "backend_scraper.py", "--once", HKEX_URL="ftp://example.org")

    assert result.returncode == 2
    assert result.stderr == (
        "[scraper] url: got 'ftp://example.org', want an address like https://host/path "
        "(from HKEX_URL in the environment)\n"
    )


def test_once_fills_the_store_and_says_that_no_scraper_is_alive_afterwards(
    site: ReplaySite, url: str, redis_settings: RedisSettings, store: HoldingsStore, tmp_path: Path
) -> None:
    environment = {"HKEX_URL": url, "REDIS_URL": redis_settings.url, "SCRAPING_MIN_GAP_SECONDS": "0"}

    filled = run(tmp_path, "backend_scraper.py", "--once", SCRAPING_BACKFILL_DAYS="7", **environment)
    checked = run(tmp_path, "backend_scraper.py", "--check", **environment)

    assert filled.returncode == 0, filled.stderr
    assert store.dates() == site.days_offered(min(store.dates()), site.today)
    assert len(store.dates()) == 5
    assert "stored 2026-02-23" in (tmp_path / "scraper.log").read_text()
    assert checked.returncode == 1
    assert "not alive: stopped" in checked.stdout


def test_once_without_a_site_says_why_and_fails(
    redis_settings: RedisSettings, free_port: int, tmp_path: Path
) -> None:
    result = run(
        tmp_path,
        "backend_scraper.py",
        "--once",
        HKEX_URL=f"http://127.0.0.1:{free_port}/",
        REDIS_URL=redis_settings.url,
        SCRAPING_MIN_GAP_SECONDS="0",
    )

    assert result.returncode == 1
    assert "CRITICAL" in result.stderr
    assert "ERR_CONNECTION_REFUSED" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["backend_scraper.py", "--once"], ["email_automation.py", "--preview", "x"]]
)
def test_without_a_store_it_says_so_and_fails(arguments: list[str], free_port: int, tmp_path: Path) -> None:
    result = run(tmp_path, *arguments, REDIS_URL=f"redis://127.0.0.1:{free_port}/0")

    assert result.returncode == 1
    assert f"the store at 127.0.0.1:{free_port} does not answer" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_mail_options_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "email_automation.py", "--date", "2026-02-27")

    assert result.returncode == 2
    assert "--date goes with --once or --preview" in result.stderr


def test_preview_writes_the_mail_and_needs_no_account(
    recorded_store: HoldingsStore, redis_settings: RedisSettings, tmp_path: Path
) -> None:
    result = run(
        tmp_path,
        "email_automation.py",
        "--preview",
        "out",
        "--date",
        "2026-02-25",
        REDIS_URL=redis_settings.url,
    )

    assert result.returncode == 0, result.stderr
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"southbound-2026-02-25.eml", "southbound-2026-02-25.html", "movers-1.png"} <= written
    assert "02918" in (tmp_path / "out" / "southbound-2026-02-25.html").read_text(encoding="utf-8")
    assert len(recorded_store.dates()) == 38
