"""config.ini, then .env, then the environment, the later wins: one frozen `Settings`.

The dataclasses are the table: each field names its environment variable, its rule and its default; its
section and key in config.ini are its class and its own name (the configuration contract).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from southbound.common.errors import SettingsError
from southbound.common.language import Language
from southbound.common.text import one_line
from southbound.config import access, allowed_hosts, oidc_validators, validators, watchlists
from southbound.config.files import read_dotenv, read_ini
from southbound.config.recipients import Recipient, language_named, recipients_named
from southbound.config.redis_url import redis_url
from southbound.config.sectors import Sectors, sectors_of_file
from southbound.config.securities import Securities, securities_of_file
from southbound.config.watchlists import Watchlist, watchlists_named
from southbound.system.exposure import Exposure, exposure_of

LONGEST_SHOWN = 100
"""Characters of a wrong value."""

HKEX_URL = "https://www3.hkexnews.hk/sdw/search/mutualmarket.aspx?t=hk"
PRICES_URL = "https://www.hkex.com.hk/eng/stat/smstat/dayquot/"
TURNOVER_URL = "https://www.hkex.com.hk/eng/csm/DailyStat/"
SHORT_POSITIONS_URL = "https://www.sfc.hk/-/media/EN/pdf/spr/"


def _option(env: str, rule: Callable[[str], object], default: object, *, hidden: bool = False) -> Any:
    return field(default=default, repr=not hidden, metadata={"env": env, "rule": rule, "hidden": hidden})


def _secret(env: str, rule: Callable[[str], object] = validators.text, default: object = None) -> Any:
    return field(
        default=default, repr=False, metadata={"env": env, "rule": rule, "hidden": True, "secret": True}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScraperSettings:
    """`[scraper]`: how the page is read. Times are in seconds."""

    url: str = _option("HKEX_URL", validators.http_url, HKEX_URL)
    enabled: bool = _option("SCRAPING_ENABLED", validators.yes_or_no, default=True)
    interval_seconds: float = _option("SCRAPING_INTERVAL_SECONDS", validators.seconds_above_zero, 60.0)
    backfill_days: int = _option("SCRAPING_BACKFILL_DAYS", validators.days_of_a_year, 60)
    min_gap_seconds: float = _option("SCRAPING_MIN_GAP_SECONDS", validators.seconds, 1.0)
    timeout_seconds: float = _option("SCRAPING_TIMEOUT_SECONDS", validators.seconds_above_zero, 60.0)
    retry_seconds: float = _option("SCRAPING_RETRY_SECONDS", validators.seconds_above_zero, 900.0)
    recheck_seconds: float = _option("SCRAPING_RECHECK_SECONDS", validators.seconds_above_zero, 21_600.0)
    min_rows: int = _option("SCRAPING_MIN_ROWS", validators.rows, 300)
    min_rows_percent: int = _option("SCRAPING_MIN_ROWS_PERCENT", validators.percent, 80)
    min_common_percent: int = _option("SCRAPING_MIN_COMMON_PERCENT", validators.percent, 90)
    chinese_names: bool = _option("SCRAPING_CHINESE_NAMES", validators.yes_or_no, default=True)
    chrome_binary: Path | None = _option("CHROME_BINARY", validators.program, None)
    chromedriver: Path | None = _option("CHROMEDRIVER", validators.program, None)
    chrome_start_seconds: float = _option("CHROME_START_SECONDS", validators.seconds_above_zero, 60.0)
    chrome_user: str = _option("CHROME_USER", validators.user_name, "nobody")
    log_file: Path = _option("LOG_FILE", validators.path, Path("scraper.log"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesSettings:
    """`[prices]`: the exchange's daily quotations. Off: its terms restrict reading them by a program."""

    enabled: bool = _option("PRICES_ENABLED", validators.yes_or_no, default=False)
    url: str = _option("PRICES_URL", validators.http_folder, PRICES_URL)
    folder: Path | None = _option("PRICES_FOLDER", validators.local_folder, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnoverSettings:
    """`[turnover]`: the exchange's daily statistics of Stock Connect."""

    enabled: bool = _option("TURNOVER_ENABLED", validators.yes_or_no, default=False)
    url: str = _option("TURNOVER_URL", validators.http_folder, TURNOVER_URL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPositionsSettings:
    """`[short_positions]`: what the SFC publishes each week of what was reported to it."""

    enabled: bool = _option("SHORT_POSITIONS_ENABLED", validators.yes_or_no, default=False)
    url: str = _option("SHORT_POSITIONS_URL", validators.http_folder, SHORT_POSITIONS_URL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """`[redis]`: the store that the three processes share."""

    # Hidden, since the address may hold a password.
    url: str = _option("REDIS_URL", redis_url, "redis://localhost:6379/0", hidden=True)
    read_url: str = _option("REDIS_READ_URL", redis_url, "", hidden=True)
    channel: str = _option("REDIS_CHANNEL", validators.text, "data_updated")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """`[email]`: the account that mails are sent with, to whom, and what they are to hold."""

    smtp_server: str | None = _option("SMTP_SERVER", validators.host, None)
    smtp_port: int = _option("SMTP_PORT", validators.port, 587)
    smtp_security: str = _option("SMTP_SECURITY", validators.security, "starttls")
    smtp_username: str | None = _secret("SMTP_USERNAME")
    smtp_password: str | None = _secret("SMTP_PASSWORD")
    smtp_oauth2_token_url: str = _option("SMTP_OAUTH2_TOKEN_URL", validators.https_url, "")
    smtp_oauth2_client_id: str = _option("SMTP_OAUTH2_CLIENT_ID", validators.text, "")
    smtp_oauth2_client_secret: str = _secret("SMTP_OAUTH2_CLIENT_SECRET", validators.text, "")
    smtp_oauth2_scope: str = _option("SMTP_OAUTH2_SCOPE", validators.text, "")
    sender: str | None = _option("EMAIL_SENDER", validators.address, None)
    recipients: tuple[str, ...] = _option("EMAIL_RECIPIENTS", recipients_named, ())
    language: Language = _option("EMAIL_LANGUAGE", language_named, Language.ENGLISH)
    alerts: tuple[str, ...] = _option("EMAIL_ALERTS", recipients_named, ())
    watchlist: tuple[int, ...] = _option("EMAIL_WATCHLIST", validators.codes, ())
    watchlists: tuple[Watchlist, ...] = _option("EMAIL_WATCHLISTS", watchlists_named, ())

    @property
    def logs_in_by_token(self) -> bool:
        """Whether OAuth 2.0 takes the place of a password: all of the settings for it are there, or none."""
        return bool(self.smtp_oauth2_token_url)

    def language_of(self, recipient: str) -> Language:
        """The language that a recipient, or one of alerts, is written to in."""
        named = (*self.recipients, *self.alerts)
        chosen = (one.language for one in named if one == recipient and isinstance(one, Recipient))
        return next(chosen, None) or self.language

    def watchlist_of(self, recipient: str) -> tuple[int, ...]:
        """What a recipient is told of: their own stocks first, then those for all."""
        own = next((one.codes for one in self.watchlists if one.is_of(recipient)), ())
        return tuple(dict.fromkeys((*own, *self.watchlist)))

    def missing(self) -> list[str]:
        """What is still to be set before a mail can be sent."""
        needed = {
            "SMTP_SERVER": self.smtp_server,
            "EMAIL_SENDER": self.sender,
            "EMAIL_RECIPIENTS": self.recipients,
        }
        return [name for name, value in needed.items() if not value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """`[archive]`: where the stored days are kept as files beside the store."""

    folder: str = _option("ARCHIVE_FOLDER", validators.folder, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSettings:
    """`[import]`: pages and lists that people put there, for those who may not scrape."""

    folder: Path | None = _option("IMPORT_FOLDER", validators.local_folder, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StocksSettings:
    """`[stocks]`: what readers know of the stocks beside the figures."""

    sectors: Sectors | None = _option("STOCKS_SECTORS", sectors_of_file, None)
    securities: Securities | None = _option("STOCKS_SECURITIES", securities_of_file, None)

    @property
    def categories(self) -> Mapping[int, str]:
        """What the list of securities calls each code; nothing without one."""
        return self.securities.categories if self.securities is not None else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardSettings:
    """`[dashboard]`: where it is, and who may read it: without the other settings, whoever reaches it."""

    url: str | None = _option("DASHBOARD_URL", validators.http_url, None)
    hosts: tuple[str, ...] = _option("DASHBOARD_HOSTS", allowed_hosts.named, ())
    sign_in_metadata_url: str = _option("DASHBOARD_SIGN_IN_METADATA_URL", oidc_validators.metadata_url, "")
    sign_in_client_id: str = _option("DASHBOARD_SIGN_IN_CLIENT_ID", validators.text, "")
    sign_in_client_secret: str = _secret("DASHBOARD_SIGN_IN_CLIENT_SECRET", validators.text, "")
    sign_in_cookie_secret: str = _secret("DASHBOARD_SIGN_IN_COOKIE_SECRET", oidc_validators.cookie_secret, "")
    sign_in_allowed: tuple[str, ...] = _option("DASHBOARD_SIGN_IN_ALLOWED", access.named, ())
    sign_in_hours: int = _option("DASHBOARD_SIGN_IN_HOURS", validators.hours_of_a_month, 12)
    sign_in_unverified: bool = _option("DASHBOARD_SIGN_IN_UNVERIFIED", validators.yes_or_no, default=False)

    @property
    def is_behind_sign_in(self) -> bool:
        """Whether readers must sign in: either all of the settings for it are there, or none."""
        return bool(self.sign_in_metadata_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    """`[api]`: the figures for programs, in the dashboard's process; without tokens as open as the page."""

    enabled: bool = _option("API_ENABLED", validators.yes_or_no, default=True)
    tokens: tuple[str, ...] = _secret("API_TOKENS", validators.tokens, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration, valid.

    Attributes:
        warnings: what is no error: what others can do with config.ini and .env, and keys that were renamed.
    """

    scraper: ScraperSettings = field(default_factory=ScraperSettings)
    prices: PricesSettings = field(default_factory=PricesSettings)
    turnover: TurnoverSettings = field(default_factory=TurnoverSettings)
    short_positions: ShortPositionsSettings = field(default_factory=ShortPositionsSettings)
    redis: RedisSettings = field(default_factory=RedisSettings)
    email: EmailSettings = field(default_factory=EmailSettings)
    dashboard: DashboardSettings = field(default_factory=DashboardSettings)
    archive: ArchiveSettings = field(default_factory=ArchiveSettings)
    imports: ImportSettings = field(default_factory=ImportSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    stocks: StocksSettings = field(default_factory=StocksSettings)
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @property
    def asks_site(self) -> bool:
        """Whether HKEXnews is asked at all: not by those who put its pages into a folder instead."""
        return self.scraper.enabled or self.imports.folder is None

    @property
    def scrapes_on(self) -> bool:
        """Whether a scraper goes on until it is stopped."""
        return self.scraper.enabled or not self.asks_site


SECTIONS: dict[str, type[Any]] = {
    "scraper": ScraperSettings,
    "prices": PricesSettings,
    "turnover": TurnoverSettings,
    "short_positions": ShortPositionsSettings,
    "redis": RedisSettings,
    "email": EmailSettings,
    "dashboard": DashboardSettings,
    "archive": ArchiveSettings,
    "import": ImportSettings,
    "api": ApiSettings,
    "stocks": StocksSettings,
}


def attribute(section: str) -> str:
    """The name of a section in `Settings`: `import` is a word of the language."""
    return "imports" if section == "import" else section


RENAMED = {("email", "dashboard_url"): ("dashboard", "url")}
"""Section and key in config.ini that were used before -> those of today. Both are read."""


def load(folder: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration of `folder` (the working directory) and `environment` (the process's own).

    Raises:
        SettingsError: with all that is wrong.
    """
    folder = Path.cwd() if folder is None else folder
    environment = os.environ if environment is None else environment
    problems: list[str] = []
    ini = read_ini(folder / "config.ini", _ini_keys(), problems, {watchlists.SECTION})
    if listed := watchlists.in_one_line(ini.pop(watchlists.SECTION, {}), problems):
        email = ini.setdefault("email", {})
        email["watchlists"] = "; ".join(filter(None, (email.get("watchlists"), listed)))
    problems += _passwords_in(ini)
    warnings, contradictions = _renamed(ini)
    problems += contradictions
    dotenv = read_dotenv(folder / ".env", sorted(variables()), problems)
    for exposure in _exposures(folder, ini, dotenv):
        (problems if exposure.refused else warnings).append(exposure.words)
    loaded = {}
    for section, table in SECTIONS.items():
        values = {}
        for option in fields(table):
            given = _given(section, option, ini, dotenv, environment)
            if given is None:
                continue
            text, source = given
            try:
                values[option.name] = option.metadata["rule"](text)
            except ValueError as wanted:
                shown = "a value (not shown)" if option.metadata["hidden"] else _in_short(text)
                problems.append(f"[{section}] {option.name}: got {shown}, want {wanted} (from {source})")
        loaded[attribute(section)] = table(**values)
    warnings += _of_nobody(loaded["email"])
    settings = Settings(**loaded, warnings=tuple(map(one_line, warnings)))
    # A wrong value is not in force, so what it contradicts, or leaves unset, cannot be known yet.
    wrong = {problem.partition(" ")[0] for problem in problems}
    if "[email]" not in wrong:
        problems += _contradictions(settings.email)
    if "[dashboard]" not in wrong:
        problems += _half_a_sign_in(settings.dashboard)
    problems += _one_folder(settings)
    if problems:
        raise SettingsError(list(map(one_line, problems)))
    return settings


def _one_folder(settings: Settings) -> Iterator[str]:
    """Each would tell of all files that are the other's."""
    if settings.prices.folder is not None and settings.prices.folder == settings.imports.folder:
        yield "[import] folder: the same as [prices] folder, want two: each tells of what it cannot read"


def describe(settings: Settings) -> Iterator[str]:
    """The settings in force, a line each, secrets masked."""
    for section, table in SECTIONS.items():
        for option in fields(table):
            value = getattr(getattr(settings, attribute(section)), option.name)
            if option.name in {"url", "read_url"} and value:
                value = validators.without_password(value)
            elif option.metadata["hidden"] and value:
                value = "(set, not shown)"
            yield f"[{section}] {option.name} = {_shown(value)}"


def variables() -> set[str]:
    """Every environment variable that is read."""
    return {option.metadata["env"] for table in SECTIONS.values() for option in fields(table)}


def _in_short(text: str) -> str:
    """A wrong value for a message: it may be a file's worth, or an address with a password."""
    shown = repr(validators.without_password(text))
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(getattr(one, "as_written", str(one)) for one in value)
    return "(not set)" if value in {None, ""} else str(value)


def _ini_keys() -> dict[str, dict[str, str | None]]:
    """Section -> key -> None, or for a secret the variable that it belongs in."""
    keys: dict[str, dict[str, str | None]] = {
        section: {
            option.name: option.metadata["env"] if "secret" in option.metadata else None
            for option in fields(table)
        }
        for section, table in SECTIONS.items()
    }
    for section, key in RENAMED:
        keys[section][key] = None
    return keys


def _renamed(ini: dict[str, dict[str, str]]) -> tuple[list[str], list[str]]:
    """Move what stands under a name of before to that of today: what to say of it, and contradictions."""
    warnings, contradictions = [], []
    for (old_section, old_key), (section, key) in RENAMED.items():
        text = ini.get(old_section, {}).get(old_key, "").strip()
        newer = ini.setdefault(section, {}).get(key, "").strip()
        if text and newer and text != newer:
            contradictions.append(
                f"[{section}] {key}: another one than [{old_section}] {old_key}, want it alone"
            )
        elif text:
            ini[section][key] = text
            warnings.append(f"config.ini: [{old_section}] {old_key} is now [{section}] {key}: move it there")
    return warnings, contradictions


def _given(
    section: str,
    option: "Field[Any]",
    ini: Mapping[str, Mapping[str, str]],
    dotenv: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[str, str] | None:
    """The text given for an option and where it stands. An empty text is the same as none."""
    variable = option.metadata["env"]
    sources = (
        (environment.get(variable), f"{variable} in the environment"),
        (dotenv.get(variable), f"{variable} in .env"),
        (ini.get(section, {}).get(option.name), "config.ini"),
    )
    return next(((text.strip(), source) for text, source in sources if text and text.strip()), None)


def _exposures(
    folder: Path, ini: Mapping[str, Mapping[str, str]], dotenv: Mapping[str, str]
) -> Iterator[Exposure]:
    """What others can do with the two files, by what stands in them."""
    secrets, ini_programs, env_programs = [], [], []
    for section, table in SECTIONS.items():
        for option in fields(table):
            variable = option.metadata["env"]
            text = dotenv.get(variable, "")
            if text and ("secret" in option.metadata or validators.holds_password(text)):
                secrets.append(variable)
            if option.metadata["rule"] is validators.program:
                if ini.get(section, {}).get(option.name):
                    ini_programs.append(option.name)
                if text:
                    env_programs.append(variable)
    found = (
        exposure_of(folder / "config.ini", programs=ini_programs),
        exposure_of(folder / ".env", secrets, env_programs),
    )
    yield from filter(None, found)


def _passwords_in(ini: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """An address that may hold a password, and does so in config.ini: secrets come from elsewhere alone."""
    for section, table in SECTIONS.items():
        for option in fields(table):
            text = ini.get(section, {}).get(option.name, "")
            may_hold_one = option.metadata["hidden"] and "secret" not in option.metadata
            if may_hold_one and validators.holds_password(text):
                variable = option.metadata["env"]
                yield (
                    f"[{section}] {option.name}: holds a password, "
                    f"want it as {variable} in .env or the environment alone"
                )


def _of_nobody(email: EmailSettings) -> Iterator[str]:
    for listed in email.watchlists:
        if email.recipients and not any(map(listed.is_of, email.recipients)):
            yield f"[watchlists] {listed.recipient}: is none of the recipients, so nobody is sent this list"


def _contradictions(email: EmailSettings) -> Iterator[str]:
    missing = email.missing()
    if missing and email.smtp_server:
        yield f"[email] smtp_server: set, but {' and '.join(missing)} not"
    if email.logs_in_by_token and email.smtp_password:
        yield "[email] smtp_password: want SMTP_PASSWORD or SMTP_OAUTH2_CLIENT_SECRET, not both"
    elif not email.logs_in_by_token and bool(email.smtp_username) != bool(email.smtp_password):
        yield "[email] smtp_username: want SMTP_USERNAME and SMTP_PASSWORD both, or neither"
    if email.logs_in_by_token and email.smtp_security == "none":
        yield "[email] smtp_security: got 'none', want starttls or tls: a token is not sent in the clear"
    needed = {
        "SMTP_OAUTH2_TOKEN_URL": email.smtp_oauth2_token_url,
        "SMTP_OAUTH2_CLIENT_ID": email.smtp_oauth2_client_id,
        "SMTP_OAUTH2_CLIENT_SECRET": email.smtp_oauth2_client_secret,
    }
    yield from _half("[email] smtp_oauth2", needed, {"SMTP_OAUTH2_SCOPE": email.smtp_oauth2_scope})


def _half_a_sign_in(dashboard: DashboardSettings) -> Iterator[str]:
    """Half of it could leave the page open, or open to everybody with an account at the provider."""
    needed = {
        "DASHBOARD_SIGN_IN_METADATA_URL": dashboard.sign_in_metadata_url,
        "DASHBOARD_SIGN_IN_CLIENT_ID": dashboard.sign_in_client_id,
        "DASHBOARD_SIGN_IN_CLIENT_SECRET": dashboard.sign_in_client_secret,
        "DASHBOARD_SIGN_IN_COOKIE_SECRET": dashboard.sign_in_cookie_secret,
        "DASHBOARD_SIGN_IN_ALLOWED": dashboard.sign_in_allowed,
    }
    yield from _half("[dashboard] sign_in", needed)


def _half(
    what: str, needed: Mapping[str, object], besides: Mapping[str, object] | None = None
) -> Iterator[str]:
    """What lacks of settings that make sense together alone; `besides` are those that some do without."""
    missing = [variable for variable, value in needed.items() if not value]
    given = [variable for variable, value in {**needed, **(besides or {})}.items() if value]
    if missing and given:
        yield f"{what}: {given[0]} is set, want {' and '.join(missing)} too"
