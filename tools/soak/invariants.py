"""What must be so at the end of a run, and what is not. It shares no code with the product.

Each function gives one line for each thing that is wrong; none if all is well.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from replay.figures import Day
from tools.soak.journal import Flush

COLUMNS = [
    "Stock Code",
    "Name",
    "Shareholding in CCASS",
    "% of the total number of Issued Shares/Units",
]
STAKE = re.compile(r"\b(\d{5}) (?:.+), ([\d,]+) shares, (\d+\.\d\d%|\N{EN DASH})")
"""A stock in the text of a mail, with its holding of the day."""

HELD = re.compile(r"held ([\d,]+) Hong Kong stocks")

LEFT_OPEN_SECONDS = 30.0
"""An e-mailer that is killed so soon after the mail server has taken a mail may not have noted it: the note
waits for a store that is away."""

FSYNC_SECONDS = 2.0
"""What a store that is killed may lose. It writes to the disk every second; if the disk is busy then, it
waits another one."""

NOTED_SECONDS = 3.0
"""From a mail's taking to its note in the store: the mail server may not say goodbye for two of them."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail as the mail server took it.

    Attributes:
        when: in seconds, by the wall clock.
        answered: whether the e-mailer was told that it was taken.
    """

    when: float
    recipient: str
    message_id: str
    subject: str
    text: str
    answered: bool = True

    @property
    def day(self) -> date | None:
        """The shareholding date that it is of; None for a message to the operator."""
        found = re.match(r"Southbound \w{3} (\d{1,2} \w{3} \d{4}): ", self.subject)
        return datetime.strptime(found[1], "%d %b %Y").date() if found else None  # noqa: DTZ007 - a date alone


def in_words(day: date) -> str:
    """As the page and the mail write a date."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def lost_days(stored: Collection[date], offered: Collection[date]) -> Iterator[str]:
    """Sessions that the site has and the store has not."""
    for day in sorted(set(offered) - set(stored)):
        yield f"{day} is not stored"


def extra_days(stored: Collection[date], offered: Collection[date]) -> Iterator[str]:
    """Stored dates that are no session of the site's."""
    for day in sorted(set(stored) - set(offered)):
        yield f"{day} is stored, and the site never had it"


def wrong_days(stored: Mapping[date, str], shown: Mapping[date, Sequence[Day]]) -> Iterator[str]:
    """Stored days whose figures are not the site's.

    A day that was restated when it was not the newest any more may have any of its versions: the newest day
    alone is read again.

    Args:
        stored: the values under the date keys.
        shown: all versions of each day that the site has shown, the last one now.
    """
    newest = max(shown, default=None)
    for day in sorted(stored.keys() & shown.keys()):
        try:
            rows = _rows(stored[day])
        except (ValueError, KeyError, TypeError) as error:
            yield f"{day} cannot be read: {error!r}"
            continue
        lawful = shown[day][-1:] if day == newest else shown[day]
        if rows not in [_rows_of(version) for version in lawful]:
            wrong = _difference(rows, _rows_of(shown[day][-1]))
            yield f"{day} is not as the site has it: {wrong}"


def wrong_list(listed: Collection[str], stored: Collection[date]) -> Iterator[str]:
    """Where the sorted set of dates is not the dates that there are."""
    there = {day.isoformat() for day in stored}
    yield from (f"{text} is listed, and has no key" for text in sorted(set(listed) - there))
    yield from (f"{text} has a key, and is not listed" for text in sorted(there - set(listed)))


def counted(sent: Sequence[Sent]) -> str:
    """How many mails of how many days there were, and how many came again."""
    days, messages = {mail.day for mail in sent} - {None}, _by_mail(sent)
    again = len(sent) - len(messages)
    return f"{len(sent)} mails of {len(days)} days, {again} of them again"


def mailed_twice(
    sent: Sequence[Sent],
    mailer_kills: Sequence[float],
    store_kills: Sequence[float],
    flushes: Sequence[Flush] = (),
) -> Iterator[str]:
    """Mails that were sent again though SMTP did not leave open whether they had arrived.

    One may be sent again if nobody told the e-mailer that it was taken, if the e-mailer was killed before it
    can have noted that, or the store before it can have written the note; and only as the same message. A
    store that loses everything loses its notes too, but no other date's mail may come again than the newest.
    """
    for (what, recipient), mails in _by_mail(sent).items():
        if len({mail.message_id for mail in mails}) > 1:
            yield f"{what} to {recipient}: {len(mails)} mails, not all with one Message-ID"
        for mail, after in pairwise(mails):
            forgotten = any(
                mail.when - NOTED_SECONDS <= flush.ended
                and flush.began <= after.when
                and mail.day in flush.newest
                for flush in flushes
            )
            if mail.answered and not forgotten and not _left_open(mail.when, mailer_kills, store_kills):
                yield f"{what} to {recipient}: sent again, though its taking was answered at {mail.when:.1f}"


def not_mailed(sent: Sequence[Sent], duties: Collection[date], readers: Collection[str]) -> Iterator[str]:
    """Days that had to be mailed and were not, to whom."""
    had = {(mail.day, mail.recipient) for mail in sent}
    for day in duties:
        for reader in readers:
            if (day, reader) not in had:
                yield f"{day} was not mailed to {reader}"


def wrong_mails(
    sent: Sequence[Sent], shown: Mapping[date, Sequence[Day]], merged: Collection[int]
) -> Iterator[str]:
    """Mails of days that the site does not have, or with figures that it never showed.

    Args:
        sent: the mails.
        shown: all versions of each day.
        merged: codes of stocks that stand under two codes at some time; the mail adds them up.
    """
    checked: dict[tuple[date, str], str] = {}
    for mail in sent:
        day = mail.day
        if day is None or checked.get((day, mail.recipient)) == mail.text:
            continue
        checked[day, mail.recipient] = mail.text
        if day not in shown:
            yield f"a mail of {day}, which the site does not have"
        elif all(list(_wrong_figures(mail.text, version, merged)) for version in shown[day]):
            wrong = next(_wrong_figures(mail.text, shown[day][-1], merged))
            yield f"the mail of {day} to {mail.recipient}: {wrong}"


def behind(pages: Mapping[str, str], newest: date) -> Iterator[str]:
    """Open pages that do not show the newest date."""
    for name, text in pages.items():
        if in_words(newest) not in text:
            yield f"{name} does not show {in_words(newest)}; it begins {' '.join(text.split())[:160]!r}"


def ill(status: Mapping[str, str], now: float, quarantined: Collection[str]) -> Iterator[str]:
    """What the scraper's status hash says that is not as it is on a quiet day.

    Args:
        status: the hash.
        now: seconds, by the wall clock.
        quarantined: the keys of days in quarantine.
    """
    if status.get("state") not in {"polling", "waiting"}:
        yield f"state: got {status.get('state')!r}, want polling or waiting"
    if status.get("breaker") != "closed":
        yield f"breaker: got {status.get('breaker')!r}, want closed"
    if status.get("last_error"):
        yield f"last_error: {status['last_error']}"
    try:
        silent = now - datetime.fromisoformat(status.get("heartbeat", "")).timestamp()
    except ValueError:
        yield f"heartbeat: got {status.get('heartbeat')!r}, want a moment"
    else:
        if not -5 < silent < 20:
            yield f"heartbeat: {silent:.0f} s ago, want less than 20"
    for key in sorted(quarantined):
        yield f"still there: {key}"


def in_nobodys_hands(
    ledgers: Mapping[date, Mapping[str, str]], newest: date, kills: int, refused: Collection[str]
) -> Iterator[str]:
    """Deliveries that were claimed and never sent or given back, or given up though nobody refused them.

    An e-mailer that is killed leaves the one delivery that it had claimed; if there is a newer day by the
    time that the claim runs out, it stays.

    Args:
        ledgers: for each date, the JSON under each recipient.
        newest: the newest stored date.
        kills: how many times an e-mailer was killed, or had no store to give its claim back to.
        refused: the recipients that the mail server has refused for good at some time.
    """
    claimed = 0
    for day, ledger in sorted(ledgers.items()):
        for recipient, text in ledger.items():
            state = json.loads(text)["state"]
            claimed += state == "claimed"
            if day == newest and state != "sent":
                yield f"the mail of {day} to {recipient} is {state}, not sent"
            elif state == "refused" and recipient not in refused:
                yield f"the mail of {day} to {recipient} is given up, and nobody had refused it"
    if claimed > kills:
        yield f"{claimed} mails are claimed, and only {kills} times was there a reason for one"


def false_alarms(sent: Sequence[Sent]) -> Iterator[str]:
    """Messages to the operator of what was never so: some scraper is at work all the time."""
    for mail in sent:
        if mail.day is None and "silent" in mail.subject:
            yield f"{mail.subject!r} to {mail.recipient}"


def lost_names(named: Collection[str], newest: Day) -> Iterator[str]:
    """Whether the Chinese names of more than a few stocks are not there: they are read once a week."""
    nameless = [row.code for row in newest.rows if str(row.code) not in named]
    if len(nameless) * 10 > len(newest.rows):
        yield f"{len(nameless)} of the {len(newest.rows)} stocks have no Chinese name"


def lost_writes(
    acknowledged: Sequence[tuple[float, int]], store_kills: Sequence[float], flushes: Sequence[Flush] = ()
) -> Iterator[str]:
    """What the store said to have, and had no more later, though it was not killed right then.

    Args:
        acknowledged: when the store answered a write with the next number, and that number, in this order.
        store_kills: when it was killed.
        flushes: when all of it was lost on purpose.
    """
    held: list[tuple[float, int]] = []
    for when, number in acknowledged:
        while held and held[-1][1] >= number:
            lost_at, lost = held.pop()
            if not any(0 <= kill - lost_at <= FSYNC_SECONDS for kill in store_kills) and not any(
                lost_at <= flush.ended and flush.began <= when for flush in flushes
            ):
                yield f"write {lost}, acknowledged at {lost_at:.1f}, was gone at {when:.1f}"
        held.append((when, number))


def wrong_files(
    stored: Mapping[str, Mapping[date, str]], true: Callable[[str, date], Mapping[str, Any]]
) -> Iterator[str]:
    """Stored figures of the sources beside the page that are not what their files say, or of no file.

    Short positions may have blanks: a spreadsheet that has gone over their file rounds, and leaves out zeros.

    Args:
        stored: for each source, the JSON of each day.
        true: what the file of a source says of a day, by name; all of it must be there. Raises KeyError.
    """
    for source, days in sorted(stored.items()):
        for day, text in sorted(days.items()):
            try:
                want = true(source, day)
                got = FILE_FIGURES[source](json.loads(text))
            except (ValueError, KeyError, TypeError) as error:
                yield f"{source} of {day}: {error!r}"
                continue
            lawful = [None] if source == "short" else None
            if different := [
                name
                for name, figures in want.items()
                if name not in got or got[name] not in (figures, lawful)
            ]:
                name = different[0]
                yield (
                    f"{source} of {day}: {len(different)} of {len(want)} differ, "
                    f"first {name}: got {got.get(name)}, want {want[name]}"
                )


def _columns(*names: str) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    def read(stored: Mapping[str, Any]) -> dict[str, Any]:
        return {
            str(code): figures
            for code, *figures in zip(*(stored[name] for name in ("code", *names)), strict=True)
        }

    return read


FILE_FIGURES: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "prices": _columns("close", "shares_traded", "turnover"),
    "turnover": lambda stored: {each["channel"]: [each["buy"], each["sell"]] for each in stored["channels"]},
    "short": _columns("shares"),
}
"""By the name of a source in its keys: its figures, by code or channel."""


def not_caught_up(stored: Mapping[str, Collection[date]], wanted: Mapping[str, date]) -> Iterator[str]:
    """Sources that lack the newest day that they must have."""
    for source, day in wanted.items():
        if day not in stored[source]:
            yield f"{source} of {day} are not stored; the newest are of {max(stored[source], default=None)}"


def _rows(text: str) -> list[tuple[int, str, int, float | None]]:
    table = json.loads(text)
    if table["columns"] != COLUMNS:
        raise ValueError(f"columns: got {table['columns']}, want {COLUMNS}")
    return [(code, name, shares, percent) for code, name, shares, percent in table["data"]]


def _rows_of(day: Day) -> list[tuple[int, str, int, float | None]]:
    return [
        (row.code, row.name.strip(), row.shares, float(row.percent) if row.percent else None)
        for row in day.rows
    ]


def _difference(
    got: list[tuple[int, str, int, float | None]], want: list[tuple[int, str, int, float | None]]
) -> str:
    different = [(g, w) for g, w in zip(got, want, strict=False) if g != w]
    first = f", first got {different[0][0]}, want {different[0][1]}" if different else ""
    return f"{len(got)} rows, want {len(want)}; {len(different)} differ{first}"


def _by_mail(sent: Sequence[Sent]) -> dict[tuple[str, str], list[Sent]]:
    """All mails of a date to a recipient, or of the same message to the operator, in their order."""
    mails: defaultdict[tuple[str, str], list[Sent]] = defaultdict(list)
    for mail in sorted(sent, key=lambda mail: mail.when):
        mails[str(mail.day or mail.message_id), mail.recipient].append(mail)
    return mails


def _left_open(when: float, mailer_kills: Sequence[float], store_kills: Sequence[float]) -> bool:
    return any(0 <= kill - when <= LEFT_OPEN_SECONDS for kill in mailer_kills) or any(
        0 <= kill - when <= NOTED_SECONDS + FSYNC_SECONDS for kill in store_kills
    )


def _wrong_figures(text: str, day: Day, merged: Collection[int]) -> Iterator[str]:
    rows = {row.code: row for row in day.rows}
    held = HELD.search(text)
    if held is None or int(held[1].replace(",", "")) != len(rows):
        yield f"it counts {held[1] if held else 'no'} stocks, want {len(rows)}"
    stakes = STAKE.findall(text)
    if not stakes and "Not one holding changed" not in text and "nothing to compare" not in text:
        yield "it names no stock"
    for code, shares, percent in stakes:
        row = rows.get(int(code))
        # One that left the list is named with what was held before.
        if row is None or row.code in merged:
            continue
        want = f"{row.shares:,}", f"{row.percent}%" if row.percent else "\N{EN DASH}"
        if (shares, percent) != want:
            yield f"{code}: got {shares} shares and {percent}, want {want[0]} and {want[1]}"
