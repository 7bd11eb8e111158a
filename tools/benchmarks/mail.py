"""How soon a published day is in the inbox, beside the same message handed over by smtplib alone."""

import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from replay.figures import recorded_days
from replay.inbox import Inbox
from replay.serving import LocalServer
from southbound.config.settings import EmailSettings
from southbound.mail.content.movers_image import movers_chart
from southbound.mail.content.report import SESSIONS_READ, report
from southbound.mail.daily_mailer import DailyMailer
from southbound.mail.delivery.smtp_transport import SmtpTransport
from southbound.mail.worker import keep_looking
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.store.holdings_store import HoldingsStore
from tools.benchmarks.clock import RUNS, medians
from tools.benchmarks.figures import Figure
from tools.benchmarks.money import write_prices
from tools.benchmarks.stored_days import as_holdings, empty_store

ADA = "ada@example.org"


class _Enough(BaseException):
    """Ends the loop that else ends with its process alone."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures, with a year of days in the store. `smoke` has a fortnight of them."""
    days = [as_holdings(day) for day in recorded_days().values()]
    inbox = Inbox()
    with (
        TemporaryDirectory() as folder,
        LocalServer(inbox.app),
        empty_store(Path(folder) / "store") as store,
    ):
        _fill(store, days, 10 if smoke else SESSIONS_READ)
        write_prices(store, store.dates())
        published = days[-1:] if smoke else days[-RUNS:]
        took = [_from_publish_to_inbox(store, inbox, holdings) for holdings in published]
        mail = inbox.mails[-1].message

        def bare() -> None:
            with smtplib.SMTP("127.0.0.1", inbox.smtp_port) as server:
                server.send_message(mail, to_addrs=[ADA])

        [least] = medians(bare)
    sections = report(History.of(days), days[-1].day).sections
    runs = 1 if smoke else RUNS
    drawn, one = medians(
        lambda: [movers_chart(section) for section in sections], lambda: movers_chart(sections[0]), runs=runs
    )
    yield Figure(
        name="mail: from publish to acceptance",
        value=median(took),
        runs=len(took),
        floor=least + drawn,
        floor_name="its charts, and smtplib alone",
        ratio_limit=3,
    )
    yield Figure(
        name=f"mail: {len(sections)} charts",
        value=drawn,
        runs=runs,
        floor=one,
        floor_name="one of them",
        ratio_limit=2 * len(sections),
    )


def _fill(store: HoldingsStore, days: list[DailyHoldings], count: int) -> None:
    """Store as many sessions before the last five days, with the figures of recorded ones."""
    oldest = trading_calendar.before(days[-5].day, count)
    for number, day in enumerate(trading_calendar.between(oldest, days[-5].day - timedelta(days=1))):
        like = days[number % (len(days) - 5)]
        store.put(DailyHoldings(day, like.codes, like.names, like.shares, like.percents))


def _from_publish_to_inbox(store: HoldingsStore, inbox: Inbox, holdings: DailyHoldings) -> float:
    """Seconds from the writing of a day until the mail server has taken its mail."""
    settings = EmailSettings(
        smtp_server="127.0.0.1",
        smtp_port=inbox.smtp_port,
        smtp_security="none",
        sender="southbound@example.org",
        recipients=(ADA,),
    )
    mailer = DailyMailer(store, SmtpTransport(settings), settings)
    mailer.look()  # the day before, so that the loop has nothing to do
    begun = len(inbox.mails)

    def look() -> None:
        mailer.look()
        if len(inbox.mails) > begun:
            raise _Enough

    loop = threading.Thread(target=_until_enough, args=[lambda: keep_looking(store, [look])])
    loop.start()
    while not store.client.pubsub_numsub(store.channel)[0][1]:
        time.sleep(0.01)
    began = time.perf_counter()
    store.put(holdings)
    loop.join(60)
    took = time.perf_counter() - began
    if len(inbox.mails) == begun:
        raise RuntimeError(f"the mail of {holdings.day} was not taken")
    return took


def _until_enough(work: Callable[[], None]) -> None:
    try:
        work()
    except _Enough:
        return
