"""config.ini, then .env, then the environment."""

import re
from configparser import ConfigParser
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from southbound.common.errors import SettingsError
from southbound.common.language import Language
from southbound.config.sectors import sectors_of_file
from southbound.config.securities import securities_of_file
from southbound.config.settings import SECTIONS, Settings, attribute, describe, load, variables
from southbound.config.watchlists import Watchlist

REPOSITORY = Path(__file__).parents[2]
AN_ADDRESS = "an address like redis://host:6379/0"
READING = "While reading from 'config.ini'"
SECRET = "correct-horse"  # what no message may hold
METADATA_URL = "https://accounts.example.org/.well-known/openid-configuration"

SECTORS = Path(__file__).with_name("sectors.csv")
SECURITIES = Path(__file__).with_name("securities.csv")

DEFAULTS = [
    ("HKEX_URL", "scraper", "url", "https://www3.hkexnews.hk/sdw/search/mutualmarket.aspx?t=hk"),
    ("SCRAPING_ENABLED", "scraper", "enabled", True),
    ("SCRAPING_INTERVAL_SECONDS", "scraper", "interval_seconds", 60.0),
    ("SCRAPING_BACKFILL_DAYS", "scraper", "backfill_days", 60),
    ("SCRAPING_MIN_GAP_SECONDS", "scraper", "min_gap_seconds", 1.0),
    ("SCRAPING_TIMEOUT_SECONDS", "scraper", "timeout_seconds", 60.0),
    ("SCRAPING_RETRY_SECONDS", "scraper", "retry_seconds", 900.0),
    ("SCRAPING_RECHECK_SECONDS", "scraper", "recheck_seconds", 21_600.0),
    ("SCRAPING_MIN_ROWS", "scraper", "min_rows", 300),
    ("SCRAPING_MIN_ROWS_PERCENT", "scraper", "min_rows_percent", 80),
    ("SCRAPING_MIN_COMMON_PERCENT", "scraper", "min_common_percent", 90),
    ("SCRAPING_CHINESE_NAMES", "scraper", "chinese_names", True),
    ("CHROME_BINARY", "scraper", "chrome_binary", None),
    ("CHROMEDRIVER", "scraper", "chromedriver", None),
    ("CHROME_START_SECONDS", "scraper", "chrome_start_seconds", 60.0),
    ("CHROME_USER", "scraper", "chrome_user", "nobody"),
    ("LOG_FILE", "scraper", "log_file", Path("scraper.log")),
    ("PRICES_ENABLED", "prices", "enabled", False),
    ("PRICES_URL", "prices", "url", "https://www.hkex.com.hk/eng/stat/smstat/dayquot/"),
    ("PRICES_FOLDER", "prices", "folder", None),
    ("TURNOVER_ENABLED", "turnover", "enabled", False),
    ("TURNOVER_URL", "turnover", "url", "https://www.hkex.com.hk/eng/csm/DailyStat/"),
    ("SHORT_POSITIONS_ENABLED", "short_positions", "enabled", False),
    ("SHORT_POSITIONS_URL", "short_positions", "url", "https://www.sfc.hk/-/media/EN/pdf/spr/"),
    ("REDIS_URL", "redis", "url", "redis://localhost:6379/0"),
    ("REDIS_READ_URL", "redis", "read_url", ""),
    ("REDIS_CHANNEL", "redis", "channel", "data_updated"),
    ("SMTP_SERVER", "email", "smtp_server", None),
    ("SMTP_PORT", "email", "smtp_port", 587),
    ("SMTP_SECURITY", "email", "smtp_security", "starttls"),
    ("SMTP_USERNAME", "email", "smtp_username", None),
    ("SMTP_PASSWORD", "email", "smtp_password", None),
    ("SMTP_OAUTH2_TOKEN_URL", "email", "smtp_oauth2_token_url", ""),
    ("SMTP_OAUTH2_CLIENT_ID", "email", "smtp_oauth2_client_id", ""),
    ("SMTP_OAUTH2_CLIENT_SECRET", "email", "smtp_oauth2_client_secret", ""),
    ("SMTP_OAUTH2_SCOPE", "email", "smtp_oauth2_scope", ""),
    ("EMAIL_SENDER", "email", "sender", None),
    ("EMAIL_RECIPIENTS", "email", "recipients", ()),
    ("EMAIL_ALERTS", "email", "alerts", ()),
    ("EMAIL_LANGUAGE", "email", "language", Language.ENGLISH),
    ("EMAIL_WATCHLIST", "email", "watchlist", ()),
    ("EMAIL_WATCHLISTS", "email", "watchlists", ()),
    ("DASHBOARD_URL", "dashboard", "url", None),
    ("DASHBOARD_HOSTS", "dashboard", "hosts", ()),
    ("DASHBOARD_SIGN_IN_METADATA_URL", "dashboard", "sign_in_metadata_url", ""),
    ("DASHBOARD_SIGN_IN_CLIENT_ID", "dashboard", "sign_in_client_id", ""),
    ("DASHBOARD_SIGN_IN_CLIENT_SECRET", "dashboard", "sign_in_client_secret", ""),
    ("DASHBOARD_SIGN_IN_COOKIE_SECRET", "dashboard", "sign_in_cookie_secret", ""),
    ("DASHBOARD_SIGN_IN_ALLOWED", "dashboard", "sign_in_allowed", ()),
    ("DASHBOARD_SIGN_IN_HOURS", "dashboard", "sign_in_hours", 12),
    ("DASHBOARD_SIGN_IN_UNVERIFIED", "dashboard", "sign_in_unverified", False),
    ("ARCHIVE_FOLDER", "archive", "folder", ""),
    ("IMPORT_FOLDER", "import", "folder", None),
    ("API_ENABLED", "api", "enabled", True),
    ("API_TOKENS", "api", "tokens", ()),
    ("STOCKS_SECTORS", "stocks", "sectors", None),
    ("STOCKS_SECURITIES", "stocks", "securities", None),
]

OTHER_VALUES = {
    "ARCHIVE_FOLDER": ("s3://bucket/southbound", "s3://bucket/southbound"),
    "HKEX_URL": ("http://127.0.0.1:1/a.aspx", "http://127.0.0.1:1/a.aspx"),
    "SCRAPING_ENABLED": ("no", False),
    "SCRAPING_INTERVAL_SECONDS": ("5", 5.0),
    "SCRAPING_BACKFILL_DAYS": ("7", 7),
    "SCRAPING_MIN_GAP_SECONDS": ("0", 0.0),
    "SCRAPING_TIMEOUT_SECONDS": ("30", 30.0),
    "SCRAPING_RETRY_SECONDS": ("60", 60.0),
    "SCRAPING_RECHECK_SECONDS": ("3600", 3600.0),
    "SCRAPING_MIN_ROWS": ("500", 500),
    "SCRAPING_MIN_ROWS_PERCENT": ("70", 70),
    "SCRAPING_MIN_COMMON_PERCENT": ("0", 0),
    "SCRAPING_CHINESE_NAMES": ("off", False),
    "CHROME_BINARY": ("/bin/sh", Path("/bin/sh")),
    "CHROMEDRIVER": ("/bin/sh", Path("/bin/sh")),
    "CHROME_START_SECONDS": ("120", 120.0),
    "CHROME_USER": ("browser", "browser"),
    "LOG_FILE": ("other.log", Path("other.log")),
    "PRICES_ENABLED": ("yes", True),
    "PRICES_URL": ("http://127.0.0.1:1/prices", "http://127.0.0.1:1/prices/"),
    "PRICES_FOLDER": ("price files", Path("price files")),
    "TURNOVER_ENABLED": ("on", True),
    "TURNOVER_URL": ("http://127.0.0.1:1/turnover/", "http://127.0.0.1:1/turnover/"),
    "SHORT_POSITIONS_ENABLED": ("1", True),
    "SHORT_POSITIONS_URL": ("http://127.0.0.1:1/short", "http://127.0.0.1:1/short/"),
    "REDIS_URL": ("redis://127.0.0.1:7/1", "redis://127.0.0.1:7/1"),
    "REDIS_READ_URL": ("redis://127.0.0.1:8/1", "redis://127.0.0.1:8/1"),
    "REDIS_CHANNEL": ("elsewhere", "elsewhere"),
    "SMTP_SERVER": ("mail.example.org", "mail.example.org"),
    "SMTP_PORT": ("25", 25),
    "SMTP_SECURITY": ("tls", "tls"),
    "SMTP_USERNAME": ("me", "me"),
    "SMTP_PASSWORD": ("word", "word"),
    "SMTP_OAUTH2_TOKEN_URL": ("https://login.example.org/t/token", "https://login.example.org/t/token"),
    "SMTP_OAUTH2_CLIENT_ID": ("0b1c2d3e", "0b1c2d3e"),
    "SMTP_OAUTH2_CLIENT_SECRET": ("word", "word"),
    "SMTP_OAUTH2_SCOPE": ("https://outlook.office365.com/.default", "https://outlook.office365.com/.default"),
    "EMAIL_SENDER": ("me@example.org", "me@example.org"),
    "EMAIL_RECIPIENTS": ("a@example.org, b@example.org", ("a@example.org", "b@example.org")),
    "EMAIL_ALERTS": ("ops@example.org", ("ops@example.org",)),
    "EMAIL_LANGUAGE": ("zh-Hans", Language.SIMPLIFIED),
    "EMAIL_WATCHLIST": ("700, 00005", (700, 5)),
    "EMAIL_WATCHLISTS": ("r@example.org: 700, 5", (Watchlist("r@example.org", (700, 5)),)),
    "DASHBOARD_URL": ("https://southbound.example.org", "https://southbound.example.org"),
    "DASHBOARD_HOSTS": ("Southbound.example.org., 192.0.2.7", ("southbound.example.org", "192.0.2.7")),
    "DASHBOARD_SIGN_IN_METADATA_URL": (METADATA_URL, METADATA_URL),
    "DASHBOARD_SIGN_IN_CLIENT_ID": ("southbound", "southbound"),
    "DASHBOARD_SIGN_IN_CLIENT_SECRET": ("word", "word"),
    "DASHBOARD_SIGN_IN_COOKIE_SECRET": ("0123456789" * 4, "0123456789" * 4),
    "DASHBOARD_SIGN_IN_ALLOWED": ("A@example.org, example.com", ("a@example.org", "example.com")),
    "DASHBOARD_SIGN_IN_HOURS": ("720", 720),
    "DASHBOARD_SIGN_IN_UNVERIFIED": ("yes", True),
    "IMPORT_FOLDER": ("/nowhere/pages", Path("/nowhere/pages")),
    "API_ENABLED": ("off", False),
    "STOCKS_SECURITIES": (str(SECURITIES), securities_of_file(str(SECURITIES))),
    "STOCKS_SECTORS": (str(SECTORS), sectors_of_file(str(SECTORS))),
    "API_TOKENS": (f"{'a1' * 16}, {'b2' * 16}", ("a1" * 16, "b2" * 16)),
}

SECRETS = {
    "smtp_username",
    "smtp_password",
    "smtp_oauth2_client_secret",
    "sign_in_client_secret",
    "sign_in_cookie_secret",
    "tokens",
}

ALL = {variable: text for variable, (text, _) in OTHER_VALUES.items()}
BY_TOKEN = {variable: text for variable, text in ALL.items() if variable != "SMTP_PASSWORD"}
WHOLE = {variable: text for variable, text in ALL.items() if not variable.startswith("SMTP_OAUTH2_")}
OAUTH2 = {variable: text for variable, text in ALL.items() if variable.startswith("SMTP_OAUTH2_")}
SIGN_IN = {variable: text for variable, text in WHOLE.items() if variable.startswith("DASHBOARD_SIGN_IN_")}


def value(settings: Settings, section: str, key: str) -> object:
    return getattr(getattr(settings, attribute(section)), key)


def problems(folder: Path, environment: dict[str, str] | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(folder, environment or {})
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def ini(folder: Path, text: str | bytes) -> None:
    content = text.encode() if isinstance(text, str) else text
    (folder / "config.ini").write_bytes(content)


def dotenv(folder: Path, text: str | bytes) -> None:
    content = text.encode() if isinstance(text, str) else text
    (folder / ".env").write_bytes(content)


@pytest.mark.parametrize(("_variable", "section", "key", "default"), DEFAULTS, ids=str)
def test_nothing_has_to_be_set(
    tmp_path: Path, _variable: str, section: str, key: str, default: object
) -> None:
    got = value(load(tmp_path, {}), section, key)

    assert got == default
    assert type(got) is type(default) or isinstance(got, Path)


def test_the_table_is_whole() -> None:
    assert variables() == {variable for variable, *_ in DEFAULTS}
    keys = {(section, field) for section, table in SECTIONS.items() for field in table.__dataclass_fields__}
    assert keys == {(section, key) for _, section, key, _ in DEFAULTS}


@pytest.mark.parametrize(("variable", "section", "key", "_default"), DEFAULTS, ids=str)
def test_every_variable_is_read_from_the_environment(
    tmp_path: Path, variable: str, section: str, key: str, _default: object
) -> None:
    given = WHOLE if variable in WHOLE else BY_TOKEN

    assert value(load(tmp_path, given), section, key) == OTHER_VALUES[variable][1]


@pytest.mark.parametrize(("variable", "section", "key", "_default"), DEFAULTS, ids=str)
def test_every_variable_is_read_from_dotenv(
    tmp_path: Path, variable: str, section: str, key: str, _default: object
) -> None:
    given = WHOLE if variable in WHOLE else BY_TOKEN
    dotenv(tmp_path, "".join(f'{name}="{text}"\n' for name, text in given.items()))

    assert value(load(tmp_path, {}), section, key) == OTHER_VALUES[variable][1]


@pytest.mark.parametrize(
    ("variable", "section", "key"),
    [row[:3] for row in DEFAULTS if row[2] not in SECRETS],
)
def test_every_key_but_the_secrets_is_read_from_config_ini(
    tmp_path: Path, variable: str, section: str, key: str
) -> None:
    text, wanted = OTHER_VALUES[variable]
    account = "smtp_server = h\nsender = s@example.org\nrecipients = r@example.org\n"
    lines = account if section == "email" else ""
    kept = "".join(line for line in lines.splitlines(keepends=True) if not line.startswith(f"{key} "))
    ini(tmp_path, f"[{section}]\n{kept}{key} = {text}\n")
    together = next((group for group in (SIGN_IN, OAUTH2) if variable in group), {})

    environment = {name: given for name, given in together.items() if name != variable}
    assert value(load(tmp_path, environment), section, key) == wanted


@pytest.mark.parametrize(
    ("in_dotenv", "in_environment", "wanted"),
    [
        (None, None, "from-ini"),
        ("from-dotenv", None, "from-dotenv"),
        (None, "from-environment", "from-environment"),
        ("from-dotenv", "from-environment", "from-environment"),
        ("from-dotenv", "  ", "from-dotenv"),
        ("", "", "from-ini"),
    ],
)
def test_the_later_source_wins_and_an_empty_value_is_none(
    tmp_path: Path, in_dotenv: str | None, in_environment: str | None, wanted: str
) -> None:
    ini(tmp_path, "[redis]\nchannel = from-ini\n")
    if in_dotenv is not None:
        dotenv(tmp_path, f"REDIS_CHANNEL={in_dotenv}\n")
    environment = {} if in_environment is None else {"REDIS_CHANNEL": in_environment}

    assert load(tmp_path, environment).redis.channel == wanted


def test_the_working_directory_and_the_processs_environment_are_the_usual_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ini(tmp_path, "[scraper]\nbackfill_days = 9\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRAPING_INTERVAL_SECONDS", "7")

    scraper = load().scraper

    assert (scraper.backfill_days, scraper.interval_seconds) == (9, 7.0)


def test_all_wrong_values_of_all_sources_are_reported_at_once(tmp_path: Path) -> None:
    ini(tmp_path, "[scraper]\ninterval_seconds = 0\nlog_fiel = a\n\n[redsi]\nurl = redis://h\n")
    dotenv(tmp_path, "SMTP_PORT=smtp\nSMTP_SEVER=h\n")

    assert problems(tmp_path, {"SCRAPING_ENABLED": "maybe", "REDIS_URL": "localhost"}) == (
        "[scraper] log_fiel: no such key, did you mean log_file?",
        f"[redsi]: no such section, want one of {', '.join(SECTIONS)}",
        ".env SMTP_SEVER: no such variable, did you mean SMTP_SERVER?",
        "[scraper] enabled: got 'maybe', want true or false (from SCRAPING_ENABLED in the environment)",
        "[scraper] interval_seconds: got '0', want a number of seconds from 0.1 to 86400 (from config.ini)",
        f"[redis] url: got a value (not shown), want {AN_ADDRESS} (from REDIS_URL in the environment)",
        "[email] smtp_port: got 'smtp', want a whole number from 1 to 65535 (port) (from SMTP_PORT in .env)",
    )


def test_a_wrong_value_is_wrong_only_where_it_counts(tmp_path: Path) -> None:
    ini(tmp_path, "[email]\nsmtp_port = wrong\n")

    assert load(tmp_path, {"SMTP_PORT": "25"}).email.smtp_port == 25


def test_an_unknown_key_that_resembles_nothing_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    ini(tmp_path, "[redis]\nqqqq = 1\n")

    assert problems(tmp_path) == ("[redis] qqqq: no such key, want one of url, read_url, channel",)


def test_other_variables_of_the_environment_are_not_ours_to_judge(tmp_path: Path) -> None:
    assert load(tmp_path, {"PATH": "/bin", "SMTP_SEVER": "h"}) == Settings()


@pytest.mark.parametrize("section", ["[DEFAULT]", "[Scraper]", "[SCRAPER]"])
def test_a_section_that_configparser_would_treat_apart_is_unknown_too(tmp_path: Path, section: str) -> None:
    ini(tmp_path, f"{section}\nbackfill_days = 9\n")

    assert problems(tmp_path) == (f"{section}: no such section, want one of {', '.join(SECTIONS)}",)


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"SMTP_SERVER": "h"}, "[email] smtp_server: set, but EMAIL_SENDER and EMAIL_RECIPIENTS not"),
        (
            {"SMTP_USERNAME": SECRET},
            "[email] smtp_username: want SMTP_USERNAME and SMTP_PASSWORD both, or neither",
        ),
        (
            {"SMTP_PASSWORD": SECRET},
            "[email] smtp_username: want SMTP_USERNAME and SMTP_PASSWORD both, or neither",
        ),
    ],
    ids=["half an account", "only a user", "only a password"],
)
def test_settings_that_contradict_each_other_are_wrong(
    tmp_path: Path, environment: dict[str, str], problem: str
) -> None:
    assert problems(tmp_path, environment) == (problem,)


def test_one_folder_for_both_is_refused(tmp_path: Path) -> None:
    both = {"PRICES_FOLDER": "files", "IMPORT_FOLDER": "files/"}

    assert problems(tmp_path, both) == (
        "[import] folder: the same as [prices] folder, want two: each tells of what it cannot read",
    )


@pytest.mark.parametrize(
    ("key", "variable"), [("smtp_password", "SMTP_PASSWORD"), ("smtp_username", "SMTP_USERNAME")]
)
def test_a_secret_in_config_ini_is_refused_and_not_shown(tmp_path: Path, key: str, variable: str) -> None:
    ini(tmp_path, f"[email]\n{key} = {SECRET}\n")

    found = problems(tmp_path, {"SMTP_PASSWORD": "p", "SMTP_USERNAME": "u"})

    assert found == (f"[email] {key}: a secret, want it as {variable} in .env or the environment alone",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            f"url = redis://:{SECRET}@h\n[redis]\n",
            "config.ini: line 1 stands before the first [section]",
        ),
        (
            f"[email]\nsmtp_port = 25\nsmtp_password {SECRET}\n",
            "config.ini: want `key = value`, not what stands in line 3",
        ),
        (f"[email]\n= {SECRET}\n", "config.ini: want `key = value`, not what stands in line 2"),
        (
            f"[redis]\nurl = {SECRET}\nurl = {SECRET}\n",
            f"config.ini: {READING} [line 3]: option 'url' in section 'redis' already exists",
        ),
        (
            "[redis]\n[redis]\n",
            f"config.ini: {READING} [line 2]: section 'redis' already exists",
        ),
        (
            b"[email]\nsender = caf\xe9@example.org\n",
            "config.ini: 'utf-8' codec can't decode byte 0xe9 in position 20: invalid continuation byte",
        ),
    ],
    ids=["no section", "no equals sign", "no key", "key twice", "section twice", "broken UTF-8"],
)
def test_a_malformed_config_ini_is_reported_without_its_content(
    tmp_path: Path, text: str | bytes, problem: str
) -> None:
    ini(tmp_path, text)

    assert problems(tmp_path) == (problem,)


def test_a_malformed_file_does_not_hide_the_other_problems(tmp_path: Path) -> None:
    ini(tmp_path, "nonsense\n")
    dotenv(tmp_path, b"SMTP_SERVER=\xff\n")

    found = problems(tmp_path, {"SMTP_PORT": "0"})

    assert [problem.split(":")[0] for problem in found] == ["config.ini", ".env", "[email] smtp_port"]


def test_a_config_ini_that_cannot_be_opened_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "config.ini").mkdir()

    (problem,) = problems(tmp_path)

    assert problem.startswith("config.ini: [Errno ")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    ini(tmp_path, b"\xef\xbb\xbf[redis]\r\nchannel = a\r\n")
    dotenv(tmp_path, b"\xef\xbb\xbfSMTP_PORT=25\r\n")

    settings = load(tmp_path, {})

    assert (settings.redis.channel, settings.email.smtp_port) == ("a", 25)


def test_percent_and_dollar_signs_are_taken_as_they_are(tmp_path: Path) -> None:
    ini(tmp_path, "[redis]\nchannel = 100%(x)s\n")
    dotenv(tmp_path, "SMTP_USERNAME=u\nSMTP_PASSWORD='$HOME${x}%'\n")

    settings = load(tmp_path, {})

    assert (settings.redis.channel, settings.email.smtp_password) == ("100%(x)s", "$HOME${x}%")


@pytest.mark.parametrize(
    "url",
    [
        f"redis://:{SECRET}@127.0.0.1:6379/0",
        f"redis://user:{SECRET}@127.0.0.1",
        f"redis://127.0.0.1/0?password={SECRET}",
        f"unix:///run/store.sock?password={SECRET}",
    ],
)
def test_the_secrets_of_valid_settings_are_never_shown(tmp_path: Path, url: str) -> None:
    settings = load(tmp_path, {"REDIS_URL": url, "SMTP_USERNAME": SECRET, "SMTP_PASSWORD": f"{SECRET}2"})

    assert settings.redis.url == url
    shown = [repr(settings), *map(repr, (settings.redis, settings.email)), *describe(settings)]
    assert not [text for text in shown if SECRET in text]


@pytest.mark.parametrize(
    "environment",
    [
        {"REDIS_URL": f"redis://:{SECRET}@host:port/0"},
        {"REDIS_URL": SECRET},
        {"SMTP_USERNAME": f"{SECRET}\n", "SMTP_PASSWORD": f"a\t{SECRET}"},
    ],
    ids=["address with a password", "no address", "control characters"],
)
def test_the_secrets_of_wrong_settings_are_never_shown(tmp_path: Path, environment: dict[str, str]) -> None:
    found = problems(tmp_path, environment)

    assert "got a value (not shown), want" in found[0]
    assert not [problem for problem in found if SECRET in problem]


def test_the_settings_in_force_are_described_a_line_each(tmp_path: Path) -> None:
    lines = list(describe(load(tmp_path, WHOLE | {"REDIS_URL": f"redis://:{SECRET}@h/0"})))

    assert len(lines) == len(DEFAULTS)
    assert "[email] smtp_oauth2_scope = (not set)" in lines
    assert "[scraper] enabled = False" in lines
    assert "[redis] url = redis://***@h/0" in lines
    assert "[email] smtp_password = (set, not shown)" in lines
    assert "[email] recipients = a@example.org, b@example.org" in lines
    assert "[email] watchlist = 700, 5" in lines
    assert f"[stocks] sectors = {SECTORS} (3 stocks)" in lines
    assert "[email] smtp_server = (not set)" in list(describe(Settings()))


@pytest.mark.parametrize("absent", [name for name in OAUTH2 if name != "SMTP_OAUTH2_SCOPE"])
def test_half_of_what_a_token_is_asked_for_with_is_wrong(tmp_path: Path, absent: str) -> None:
    given = {name: text for name, text in OAUTH2.items() if name != absent}
    there = next(iter(given))

    assert problems(tmp_path, given) == (f"[email] smtp_oauth2: {there} is set, want {absent} too",)


def test_a_scope_alone_is_wrong_and_its_lack_is_not(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, {"SMTP_OAUTH2_SCOPE": "mail"})
    assert problem.startswith(
        "[email] smtp_oauth2: SMTP_OAUTH2_SCOPE is set, want SMTP_OAUTH2_TOKEN_URL and "
    )

    without = {name: text for name, text in OAUTH2.items() if name != "SMTP_OAUTH2_SCOPE"}
    assert load(tmp_path, without).email.logs_in_by_token


def test_a_token_takes_the_place_of_the_password_and_goes_over_no_open_line(tmp_path: Path) -> None:
    assert load(tmp_path, {**OAUTH2, "SMTP_USERNAME": "me@example.org"}).email.logs_in_by_token
    assert problems(tmp_path, {**OAUTH2, "SMTP_USERNAME": "u", "SMTP_PASSWORD": SECRET}) == (
        "[email] smtp_password: want SMTP_PASSWORD or SMTP_OAUTH2_CLIENT_SECRET, not both",
    )
    assert problems(tmp_path, {**OAUTH2, "SMTP_SECURITY": "none"}) == (
        "[email] smtp_security: got 'none', want starttls or tls: a token is not sent in the clear",
    )


@pytest.mark.parametrize(
    "url", ["http://login.example.org/token", "https://u:p@login.example.org/token", "login.example.org"]
)
def test_a_secret_goes_to_no_address_that_others_can_read(tmp_path: Path, url: str) -> None:
    [problem] = problems(tmp_path, {**OAUTH2, "SMTP_OAUTH2_TOKEN_URL": url})

    assert "[email] smtp_oauth2_token_url: got" in problem
    assert "want an address like https://host/path, with http on this machine alone" in problem
    assert "u:p" not in problem


@pytest.mark.parametrize("absent", [name for name in SIGN_IN if not name.endswith(("_HOURS", "_UNVERIFIED"))])
def test_half_a_sign_in_is_none_and_that_is_wrong(tmp_path: Path, absent: str) -> None:
    given = {name: text for name, text in SIGN_IN.items() if name != absent}
    there = next(iter(given))

    assert problems(tmp_path, given) == (f"[dashboard] sign_in: {there} is set, want {absent} too",)


def test_all_that_a_sign_in_still_needs_is_named(tmp_path: Path) -> None:
    needed = " and ".join(f"DASHBOARD_SIGN_IN_{name}" for name in ("METADATA_URL", "CLIENT_ID"))
    secrets = " and ".join(f"DASHBOARD_SIGN_IN_{name}_SECRET" for name in ("CLIENT", "COOKIE"))

    assert problems(tmp_path, {"DASHBOARD_SIGN_IN_ALLOWED": "example.org"}) == (
        f"[dashboard] sign_in: DASHBOARD_SIGN_IN_ALLOWED is set, want {needed} and {secrets} too",
    )


def test_a_wrong_value_of_a_sign_in_is_told_and_no_secret_shown(tmp_path: Path) -> None:
    wrong = SIGN_IN | {"DASHBOARD_SIGN_IN_COOKIE_SECRET": SECRET, "DASHBOARD_SIGN_IN_ALLOWED": "*"}

    cookie_secret, allowed = problems(tmp_path, wrong)

    assert "cookie_secret: got a value (not shown), want at least 32 characters" in cookie_secret
    assert SECRET not in cookie_secret
    assert "[dashboard] sign_in_allowed: got '*', want addresses and domains like" in allowed


def test_readers_sign_in_once_all_of_it_is_set(tmp_path: Path) -> None:
    assert load(tmp_path, SIGN_IN).dashboard.is_behind_sign_in
    assert not load(tmp_path, {"DASHBOARD_SIGN_IN_HOURS": "2"}).dashboard.is_behind_sign_in


def test_what_mail_still_needs_is_named() -> None:
    assert Settings().email.missing() == ["SMTP_SERVER", "EMAIL_SENDER", "EMAIL_RECIPIENTS"]


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        load(tmp_path, {}).redis.channel = "other"  # type: ignore[misc]


def test_the_config_ini_that_comes_with_the_product_changes_nothing(tmp_path: Path) -> None:
    ini(tmp_path, (REPOSITORY / "config.ini").read_bytes())

    assert load(tmp_path, {}) == Settings()


def test_the_config_ini_that_comes_with_the_product_names_every_key_with_its_default(tmp_path: Path) -> None:
    text = (REPOSITORY / "config.ini").read_text(encoding="utf-8")
    ini(tmp_path, re.sub(r"(?m)^# (\w+ =)", r"\1", text))

    parser = ConfigParser()
    parser.read(tmp_path / "config.ini")
    named = {(section, key) for section in parser.sections() for key in parser[section]}

    assert load(tmp_path, {}) == Settings()
    assert named == {(s, k) for _, s, k, _ in DEFAULTS if k not in SECRETS}


def test_where_the_dashboard_is_may_still_stand_with_the_mails_and_that_is_said(tmp_path: Path) -> None:
    url = "https://southbound.example.org"
    for text, warnings in {
        f"[dashboard]\nurl = {url}": (),
        f"[email]\ndashboard_url = {url}": (
            "config.ini: [email] dashboard_url is now [dashboard] url: move it there",
        ),
    }.items():
        ini(tmp_path, text)
        assert load(tmp_path, {}).dashboard.url == url
        assert load(tmp_path, {}).warnings == warnings
        assert load(tmp_path, {"DASHBOARD_URL": f"{url}/a"}).dashboard.url == f"{url}/a"
    ini(tmp_path, f"[email]\ndashboard_url = {url}\n[dashboard]\nurl = {url}/")

    assert problems(tmp_path) == ("[dashboard] url: another one than [email] dashboard_url, want it alone",)


def test_the_env_example_that_comes_with_the_product_names_only_what_is_read(tmp_path: Path) -> None:
    text = (REPOSITORY / ".env.example").read_text(encoding="utf-8")
    named = {line.partition("=")[0] for line in text.splitlines() if line and not line.startswith("#")}
    dotenv(tmp_path, text)

    assert {"SMTP_USERNAME", "SMTP_PASSWORD"} <= named <= variables()
    assert load(tmp_path, {}) == Settings()
