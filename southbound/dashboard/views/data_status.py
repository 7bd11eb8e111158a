"""The status of the data: when the site was looked at, and what is missing, restated or held back."""

from datetime import date, datetime

import streamlit as st

from southbound.common.errors import StoreError
from southbound.dashboard.charts.palette import Mode
from southbound.dashboard.state.reader import fragment
from southbound.dashboard.state.resources import process
from southbound.dashboard.views import notices, reconciliation, widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.text_table import text_table
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import translated
from southbound.queries import data_quality
from southbound.queries.market_view import MarketView
from southbound.store.scraper_status import ScraperStatus


@fragment(5.0)
def data_status(market_view: MarketView, day: date, mode: Mode | None) -> None:
    """Read again by itself: quarantine and status change without a new data version."""
    figures = market_view.figures
    days = figures.history.dates
    widgets.title(
        "Data status", f"{len(days)} days are stored, {formatting.day(days[0])} to {formatting.day(days[-1])}"
    )
    status = process().store_watcher.snapshot().status
    _looks(status)
    _archived(status)
    try:
        notes = process().data_quality.notes()
    except StoreError as trouble:
        widgets.show(notices.unreadable(trouble))
        return
    if notes.warning:
        st.warning(plain(notes.warning))
    absent = data_quality.missing(days, figures.damaged, notes.sessions, status)
    st.markdown(f"**Missing sessions: {len(absent)}**")
    text_table(
        "Missing sessions",
        {
            "Session": [formatting.day(session.day) for session in absent],
            "Why": [phrases.missing(session) for session in absent],
        },
        key="missing_sessions",
    )
    for name, source in data_quality.sources(status):
        told = phrases.source(source.newest, len(source.missing), source.next_try)
        st.markdown(f"**{phrases.source_name(name)}**: {plain(told)}")
        text_table(
            f"Missing of {phrases.source_name(name)}",
            {
                "Day": [formatting.day(day) for day, _ in source.missing],
                "Why": [phrases.source_missing(why) for _, why in source.missing],
            },
            key=f"missing {name}",
        )
    for name, folder in data_quality.folders(status):
        said = plain(phrases.folder(folder.files, folder.trouble))
        st.markdown(f"**{phrases.FOLDER_NAMES[name]}**: {said}")
        text_table(
            f"Files of {phrases.FOLDER_NAMES[name]}",
            {
                "File": [outcome.name for outcome in folder.outcomes],
                "Read": [formatting.moment(outcome.read_at) for outcome in folder.outcomes],
                "What became of it": [
                    phrases.file_outcome(outcome.told, is_taken=outcome.is_taken)
                    for outcome in folder.outcomes
                ],
            },
            key=f"files {name}",
        )
    st.markdown(f"**In quarantine: {len(notes.quarantined)}**")
    text_table(
        "In quarantine",
        {
            "Session": [formatting.day(note.day) for note in notes.quarantined],
            "Since": [_moment(note.when) for note in notes.quarantined],
            "Reason": [translated(note.reason) for note in notes.quarantined],
        },
        key="quarantine",
    )
    st.markdown(f"**Restated days: {len(notes.revisions)}**")
    text_table(
        "Restated days",
        {
            "Session": [formatting.day(revision.day) for revision in notes.revisions],
            "When": [_moment(revision.when) for revision in notes.revisions],
            "Stocks changed": [revision.rows for revision in notes.revisions],
        },
        key="restated",
        numbers=("Stocks changed",),
    )
    reconciliation.reconciliation(market_view, day, mode)


def _looks(status: ScraperStatus | None) -> None:
    if status is None:
        st.caption("No scraper has reported to this store.")
        return
    if not status.asks_site:
        st.caption("HKEXnews is not asked: its pages are read from a folder.")
        return
    last = formatting.moment(status.last_success) if status.last_success else "not yet"
    upcoming = formatting.moment(status.next_try) if status.next_try else "at its next round, within minutes"
    said = [f"Last look at HKEXnews: {last}", f"next look: {upcoming}"]
    if status.next_session:
        said.append(f"waiting for {formatting.day(status.next_session)}")
    if status.last_error:
        said.append(f"last error: {status.last_error}")
    st.caption(plain("; ".join(said)))


def _archived(status: ScraperStatus | None) -> None:
    """Nothing where there is no archive."""
    if status is None or not status.has_archive:
        return
    said = f"The archive has {status.archive_days} days"
    if status.archive_first and status.archive_last:
        said += f", {formatting.day(status.archive_first)} to {formatting.day(status.archive_last)}"
    for each in (known for known in status.archive_beside if known.kind in data_quality.SOURCES):
        period = f"{formatting.day(each.first)} to {formatting.day(each.last)}"
        said += f"; {phrases.source_name(each.kind)}: {each.days} days, {period}"
    if status.archive_behind:
        said += f"; behind since {formatting.moment(status.archive_behind)}"
    if status.archive_trouble:
        said += f"; {status.archive_trouble}"
    (st.warning if status.archive_behind or status.archive_trouble else st.caption)(plain(said))


def _moment(when: datetime | None) -> str:
    return formatting.moment(when) if when else formatting.NONE
