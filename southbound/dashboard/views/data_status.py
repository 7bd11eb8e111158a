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
from southbound.presentation.messages import gettext, ngettext, translated
from southbound.queries import data_quality
from southbound.queries.market_view import MarketView
from southbound.store.scraper_status import ScraperStatus


@fragment(5.0)
def data_status(market_view: MarketView, day: date, mode: Mode | None) -> None:
    """Read again by itself: quarantine and status change without a new data version."""
    figures = market_view.figures
    days = figures.history.dates
    period = formatting.span(days[0], days[-1])
    widgets.title(
        gettext("Data status"),
        ngettext("1 day is stored, {period}", "{count} days are stored, {period}", len(days), period=period),
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
        st.warning(plain(translated(notes.warning)))
    absent = data_quality.missing(days, figures.damaged, notes.sessions, status)
    st.markdown(gettext("**Missing sessions: {count}**", count=len(absent)))
    text_table(
        gettext("Missing sessions"),
        {
            gettext("Session"): [formatting.day(session.day) for session in absent],
            gettext("Why"): [phrases.missing(session) for session in absent],
        },
        key="missing_sessions",
    )
    for name, source in data_quality.sources(status):
        told = phrases.source(source.newest, len(source.missing), source.next_try)
        st.markdown(gettext("**{name}**: {told}", name=phrases.source_name(name), told=plain(told)))
        text_table(
            gettext("Missing of {source}", source=phrases.source_name(name)),
            {
                gettext("Day"): [formatting.day(day) for day, _ in source.missing],
                gettext("Why"): [phrases.source_missing(why) for _, why in source.missing],
            },
            key=f"missing {name}",
        )
    for name, folder in data_quality.folders(status):
        told = phrases.folder(folder.files, folder.trouble)
        st.markdown(gettext("**{name}**: {told}", name=phrases.folder_name(name), told=plain(told)))
        text_table(
            gettext("Files of {folder}", folder=phrases.folder_name(name)),
            {
                gettext("File"): [outcome.name for outcome in folder.outcomes],
                gettext("Read"): [formatting.moment(outcome.read_at) for outcome in folder.outcomes],
                gettext("What became of it"): [
                    phrases.file_outcome(outcome.told, is_taken=outcome.is_taken)
                    for outcome in folder.outcomes
                ],
            },
            key=f"files {name}",
        )
    st.markdown(gettext("**In quarantine: {count}**", count=len(notes.quarantined)))
    text_table(
        gettext("In quarantine"),
        {
            gettext("Session"): [formatting.day(note.day) for note in notes.quarantined],
            gettext("Since"): [_moment(note.when) for note in notes.quarantined],
            gettext("Reason"): [translated(note.reason) for note in notes.quarantined],
        },
        key="quarantine",
    )
    st.markdown(gettext("**Restated days: {count}**", count=len(notes.revisions)))
    changed = gettext("Stocks changed")
    text_table(
        gettext("Restated days"),
        {
            gettext("Session"): [formatting.day(revision.day) for revision in notes.revisions],
            gettext("When"): [_moment(revision.when) for revision in notes.revisions],
            changed: [revision.rows for revision in notes.revisions],
        },
        key="restated",
        numbers=(changed,),
    )
    reconciliation.reconciliation(market_view, day, mode)


def _looks(status: ScraperStatus | None) -> None:
    if status is None:
        st.caption(gettext("No scraper has reported to this store."))
        return
    if not status.asks_site:
        st.caption(gettext("HKEXnews is not asked: its pages are read from a folder."))
        return
    said = [
        gettext("Last look at HKEXnews: {moment}", moment=formatting.moment(status.last_success))
        if status.last_success
        else gettext("Last look at HKEXnews: not yet"),
        gettext("next look: {moment}", moment=formatting.moment(status.next_try))
        if status.next_try
        else gettext("next look: at its next round, within minutes"),
    ]
    if status.next_session:
        said.append(gettext("waiting for {day}", day=formatting.day(status.next_session)))
    if status.last_error:
        said.append(gettext("last error: {trouble}", trouble=translated(status.last_error)))
    st.caption(plain(formatting.clauses(said)))


def _archived(status: ScraperStatus | None) -> None:
    """Nothing where there is no archive."""
    if status is None or not status.has_archive:
        return
    days = status.archive_days
    if status.archive_first and status.archive_last:
        period = formatting.span(status.archive_first, status.archive_last)
        said = [
            ngettext(
                "The archive has 1 day, {period}",
                "The archive has {count} days, {period}",
                days,
                period=period,
            )
        ]
    else:
        said = [ngettext("The archive has 1 day", "The archive has {count} days", days)]
    said += [
        ngettext(
            "{source}: 1 day, {period}",
            "{source}: {count} days, {period}",
            each.days,
            source=phrases.source_name(each.kind),
            period=formatting.span(each.first, each.last),
        )
        for each in status.archive_beside
        if each.kind in data_quality.SOURCES
    ]
    if status.archive_behind:
        said.append(gettext("behind since {moment}", moment=formatting.moment(status.archive_behind)))
    if status.archive_trouble:
        said.append(translated(status.archive_trouble))
    shown = plain(formatting.clauses(said))
    (st.warning if status.archive_behind or status.archive_trouble else st.caption)(shown)


def _moment(when: datetime | None) -> str:
    return formatting.moment(when) if when else formatting.NONE
