"""No value that `--check-config` accepts ends in a traceback where it is used."""

import logging.handlers
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx2
import pytest
from hypothesis import example, given, settings as hypothesis_settings, strategies as st

from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.common.errors import DeliveryError, SettingsError, SiteChanged
from southbound.common.language import Language
from southbound.config import access, oidc_validators, validators
from southbound.config.recipients import language_named, recipients_named
from southbound.config.settings import SECTIONS, Settings, describe, load
from southbound.dashboard.auth.sign_in_page import secrets
from southbound.hkexnews.client import ENGLISH, SiteClient
from southbound.hkexnews.rate_limit import RateLimit
from southbound.mail.content.message import RenderedMail, addressed, write_preview
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.presentation.links import Links

T = TypeVar("T")
DAY = date(2026, 2, 27)
LETTER = RenderedMail(DAY, "Holdings", "+1 騰訊", "<p>+1 騰訊</p>", {"movers-1.png": b"png"})
WHOLE = {
    "SMTP_SERVER": "127.0.0.1",
    "SMTP_SECURITY": "none",
    "EMAIL_SENDER": "southbound@example.org",
    "EMAIL_RECIPIENTS": "ada@example.org",
    "DASHBOARD_SIGN_IN_METADATA_URL": f"https://accounts.example.org{oidc_validators.METADATA}",
    "DASHBOARD_SIGN_IN_CLIENT_ID": "southbound",
    "DASHBOARD_SIGN_IN_CLIENT_SECRET": "word",
    "DASHBOARD_SIGN_IN_COOKIE_SECRET": "0123456789" * 4,
    "DASHBOARD_SIGN_IN_ALLOWED": "example.org",
}

STRANGE = st.sampled_from(
    [
        "",
        ".",
        "..",
        "-",
        "_",
        "@",
        ":",
        "%",
        "\\",
        "=?utf-8?q?=0d=0a?=",
        "xn--",
        "xn--a",
        "ß",
        "İ",
        "。",
        "\N{FULLWIDTH LATIN SMALL LETTER A}",
        "\u200d",
    ]
)
LABELS = st.one_of(
    st.text("abcXYZ019-_", max_size=5),
    st.text(max_size=4),
    STRANGE,
    st.integers(60, 66).map(lambda length: "a" * length),
    st.sampled_from(["bücher", "例え", "1", "0x7f", "localhost", "a" * 63, "ü" * 60]),
)
HOSTS = st.one_of(
    st.lists(LABELS, min_size=1, max_size=6).map(".".join),
    st.ip_addresses().map(str),
    st.ip_addresses(v=6).map("[{}]".format),
    st.sampled_from(
        [
            "[::1",
            "::1]",
            "fe80::1%eth0",
            "[fe80::1%25lo]",
            "[v1.a]",
            "[127.0.0.1]",
            "a" * 300,
            "1.2.3",
            "h:25",
        ]
    ),
)
PORTS = st.one_of(
    st.integers(-1, 70_000).map(str), st.sampled_from(["0", "00025", "٣", "+80", "", "1e3", "8 0"])
)
MAILBOXES = st.one_of(
    st.text("abc.+-=?_'/", min_size=1, max_size=6), st.text(max_size=4), STRANGE, st.just("a" * 65)
)
ADDRESSES = st.tuples(MAILBOXES, HOSTS).map("@".join)
PATHS = st.one_of(
    st.text("ab/?=&#%{}<>'\";", max_size=10), st.text(max_size=5), STRANGE, st.just("mutualmarket.aspx?t=hk")
)
URLS = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "https:", "//", "ftp://", ""]),
    st.sampled_from(["", "", "", "u@", "u:p@"]),
    HOSTS,
    st.one_of(st.just(""), PORTS.map(":{}".format)),
    PATHS.map("/{}".format),
)
RECIPIENTS = st.one_of(ADDRESSES, st.tuples(ADDRESSES, st.sampled_from(Language)).map(":".join))
TEXTS = st.one_of(st.text(max_size=8), STRANGE)

BY_RULE: dict[Callable[[str], object], st.SearchStrategy[str]] = {
    validators.host: HOSTS,
    validators.port: PORTS,
    validators.address: ADDRESSES,
    recipients_named: st.lists(RECIPIENTS, max_size=3).map(",".join),
    language_named: st.sampled_from(Language),
    validators.http_url: URLS,
    validators.https_url: URLS,
    oidc_validators.metadata_url: URLS.map(lambda url: url + oidc_validators.METADATA),
    validators.text: TEXTS,
    validators.path: TEXTS,
    validators.local_folder: TEXTS,
    access.named: st.lists(st.one_of(HOSTS, ADDRESSES), max_size=3).map(",".join),
    oidc_validators.cookie_secret: TEXTS.map(lambda text: text * 40),
}

# The address of the store and its options: tests/config/test_redis_url.py.
TOGETHER = {
    "SMTP_SECURITY": "starttls",
    "SMTP_OAUTH2_TOKEN_URL": "https://login.example.org/token",
    "SMTP_OAUTH2_CLIENT_ID": "0b1c2d3e",
    "SMTP_OAUTH2_CLIENT_SECRET": "word",
}
TRIED = {
    option.metadata["env"]: BY_RULE[option.metadata["rule"]]
    for table in SECTIONS.values()
    for option in fields(table)
    if option.metadata["rule"] in BY_RULE
}


def outcome(work: Callable[[], T], expected: type[Exception]) -> tuple[T | None, Exception | None]:
    """What came of it, and the error that may come instead."""
    try:
        return work(), None
    except expected as error:
        return None, error


def accepted(variable: str, value: str) -> Settings | None:
    """The settings with this value, as a process would have them; None if it is refused in a clear line."""
    whole = WHOLE | TOGETHER if "OAUTH2" in variable else WHOLE
    with TemporaryDirectory() as folder:
        settings, error = outcome(lambda: load(Path(folder), whole | {variable: value}), SettingsError)
    if settings is None:
        problems = error.problems if isinstance(error, SettingsError) else ()
        assert problems
        assert all(problem.isprintable() and variable in problem for problem in problems)
        return None
    assert all(line.isprintable() for line in describe(settings))
    return settings


def use(settings: Settings) -> None:
    """Do with the settings what the processes do with them, as far as the network."""
    email = settings.email
    recipient = (*email.recipients, "ada@example.org")[0]
    mail = addressed(LETTER, email.sender or "", recipient)
    with TemporaryDirectory() as folder:
        write_preview(LETTER, mail, Path(folder))
        log_file = Path(folder) / settings.scraper.log_file.name
        with closing(logging.handlers.RotatingFileHandler(log_file, encoding="utf-8", delay=True)):
            pass
    for alerted in email.alerts:
        addressed(LETTER, email.sender or "", alerted).as_bytes()
    for link in (Links(settings.dashboard.url, DAY).view(), Links(settings.dashboard.url, DAY).stock(700)):
        assert (link is None) == (settings.dashboard.url is None)
        assert link is None or urlsplit(link).hostname == urlsplit(settings.dashboard.url or "").hostname
    if not urlsplit(settings.scraper.url).path.endswith(ENGLISH):
        with pytest.raises(SiteChanged, match="want a path"):
            SiteClient(settings.scraper, RateLimit(0.0)).chinese_page()
    told = secrets(settings)
    assert told is not None
    httpx2.Request("GET", settings.dashboard.sign_in_metadata_url)
    settings.redis.channel.encode()
    if not email.missing():
        _, error = outcome(lambda: SmtpTransport(email).send(mail, recipient), DeliveryError)
        assert str(error).isprintable()


def looked_up_by_nobody(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
    """As `socket.getaddrinfo`, with its checks of what it is given; the answer is a closed port of ours."""
    outcome(
        lambda: REAL_LOOK_UP(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST),
        socket.gaierror,
    )
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]


REAL_LOOK_UP = socket.getaddrinfo


@pytest.mark.parametrize("variable", sorted(TRIED))
@hypothesis_settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_a_value_is_refused_in_a_clear_line_or_can_be_used(variable: str, data: st.DataObject) -> None:
    settings = accepted(variable, data.draw(TRIED[variable], label=variable))
    if settings is not None:
        with patch("socket.getaddrinfo", looked_up_by_nobody):
            use(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SMTP_SERVER", "mail_server"),
        ("SMTP_SERVER", "bücher.example"),
        ("SMTP_SERVER", "smtp.example.org."),
        ("SMTP_SERVER", "[::1]"),
        ("SMTP_SERVER", "::1"),
        ("EMAIL_SENDER", "somebody@bücher.example"),
        ("EMAIL_SENDER", "jürgen@example.org"),
        ("EMAIL_RECIPIENTS", "a..b@docomo.example, 用户@例え.jp"),
        ("DASHBOARD_URL", "https://[2001:db8::1]:8443/southbound/?a=b#c"),
        ("DASHBOARD_URL", "http://my_dashboard:8501"),
        ("DASHBOARD_URL", "https://例え.jp/{x}/%zz"),
        ("HKEX_URL", "http://127.0.0.1:8080"),
        ("DASHBOARD_SIGN_IN_METADATA_URL", f"http://[::1]:5000{oidc_validators.METADATA}"),
    ],
)
def test_what_is_unusual_and_right_is_accepted_and_used(variable: str, value: str) -> None:
    settings = accepted(variable, value)

    assert settings is not None
    with patch("socket.getaddrinfo", looked_up_by_nobody):
        use(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SMTP_SERVER", "a..b"),
        ("SMTP_SERVER", f"{'a' * 64}.example.org"),
        ("SMTP_SERVER", "smtp.example.org:587"),
        ("SMTP_SERVER", "https://smtp.example.org"),
        ("SMTP_SERVER", "smtp example org"),
        ("SMTP_SERVER", "-smtp.example.org"),
        ("SMTP_SERVER", "\u200d.example.org"),
        ("SMTP_SERVER", "1.2.3"),
        ("SMTP_SERVER", f"{'ü' * 60}.example.org"),
        ("SMTP_PORT", "65536"),
        ("SMTP_PORT", "0"),
        ("EMAIL_SENDER", "a@b..c"),
        ("EMAIL_SENDER", f"a@{'b' * 64}.org"),
        ("EMAIL_SENDER", "=?utf-8?q?=0d=0aBcc:x?=@example.org"),
        ("EMAIL_RECIPIENTS", f"{'a' * 65}@example.org"),
        ("EMAIL_RECIPIENTS", f"a@{'ü.' * 60}example.org"),
        ("EMAIL_ALERTS", "a@[::1]"),
        ("EMAIL_ALERTS", "a@::1"),
        ("DASHBOARD_URL", "https://a..b/"),
        ("DASHBOARD_URL", "https://exa\\mple.org/"),
        ("DASHBOARD_URL", "https://host:65536/"),
        ("HKEX_URL", f"https://{'a' * 64}/"),
        ("HKEX_URL", "https:///path"),
        ("DASHBOARD_SIGN_IN_METADATA_URL", f"https://a..b{oidc_validators.METADATA}"),
    ],
)
def test_what_no_network_takes_is_refused(variable: str, value: str) -> None:
    assert accepted(variable, value) is None


@pytest.fixture(scope="module", params=[True, False], ids=["SMTPUTF8", "ASCII alone"])
def taking(request: pytest.FixtureRequest) -> Any:
    """A mail server that takes everything that it can write down."""
    inbox = Inbox(takes_utf8=request.param)
    with LocalServer(inbox.app):
        yield inbox


@hypothesis_settings(deadline=None, max_examples=40)
@given(sender=ADDRESSES, recipient=ADDRESSES)
@example(sender="southbound@bücher.example", recipient="ada@例え.jp")
@example(sender="southbound@example.org", recipient="ådå@example.org")
@example(sender="søuth@example.org", recipient="ada@example.org")
def test_an_accepted_address_is_written_to_or_refused_by_the_server(
    taking: Inbox, sender: str, recipient: str
) -> None:
    given_sender, given_recipient = accepted("EMAIL_SENDER", sender), accepted("EMAIL_ALERTS", recipient)
    if given_sender is None or given_recipient is None or not given_recipient.email.alerts:
        return
    email = given_sender.email
    to = given_recipient.email.alerts[0]
    object.__setattr__(email, "smtp_port", taking.smtp_port)
    taking.mails.clear()

    mail = addressed(LETTER, email.sender or "", to)
    _, error = outcome(lambda: SmtpTransport(email).send(mail, to), DeliveryError)

    if error is None:
        [[delivered]] = [taken.recipients for taken in taking.mails]
        assert delivered.partition("@")[0] == to.partition("@")[0]
        assert delivered.partition("@")[2].isascii()
    else:
        mailboxes = (email.sender or "").partition("@")[0] + to.partition("@")[0]
        assert str(error).isprintable()
        assert not mailboxes.isascii() or "refuses the" in str(error)
