"""Signing in by OpenID Connect: what Streamlit needs for it, and the page without figures."""

import time
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

import streamlit as st
from streamlit.runtime.secrets import SecretsValue

from southbound.config import access
from southbound.config.access import Standing
from southbound.config.settings import DashboardSettings, Settings
from southbound.dashboard.auth.middleware import standing_of
from southbound.dashboard.state.reader import fragment
from southbound.dashboard.views import widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.notices import Notice
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, gettext_noop, ngettext
from southbound.store.sign_outs import SignOuts

WHAT_IT_IS = gettext_noop(
    "How many shares of each Hong Kong stock mainland investors hold through Stock Connect, and what moved."
)
CARD_WIDTH = 560
LEAVING = "leaving"

LOOK_SECONDS = 5.0
"""How long a page goes on when its sign-in was ended in another tab or by another browser."""


def secrets(settings: Settings) -> dict[str, SecretsValue] | None:
    """What `st.login` reads, to be given to Streamlit in memory: it stands in no file."""
    dashboard = settings.dashboard
    if not dashboard.is_behind_sign_in:
        return None
    return {
        "auth": {
            "redirect_uri": callback(dashboard.url),
            "cookie_secret": dashboard.sign_in_cookie_secret,
            "client_id": dashboard.sign_in_client_id,
            "client_secret": dashboard.sign_in_client_secret,
            "server_metadata_url": dashboard.sign_in_metadata_url,
        }
    }


def callback(dashboard_url: str | None) -> str:
    """Where the provider sends its users back to. Streamlit replaces `{port}` by the one it listens on."""
    page = urlsplit(dashboard_url or "http://localhost:{port}")
    return urlunsplit((page.scheme, page.netloc, f"{page.path.rstrip('/')}/oauth2callback", "", ""))


def standing(settings: DashboardSettings, sign_outs: Callable[[], SignOuts]) -> Standing:
    """How the reader of this page stands with us. Streamlit read the cookie as the page was opened."""
    if not settings.is_behind_sign_in:
        return Standing.ADMITTED
    if LEAVING in st.session_state:
        return Standing.SIGNED_OUT
    claims = dict(st.user)
    found = standing_of(claims, settings, time.time())
    if found is Standing.ADMITTED and sign_outs().is_ended(claims):
        return Standing.SIGNED_OUT
    return found


def instead_of_figures(reader: Standing, settings: DashboardSettings) -> None:
    """The page for a reader who is not admitted."""
    if LEAVING in st.session_state:
        # On every run: what it sends to the browser is lost if the page is drawn anew at that moment.
        st.logout()
        st.markdown(gettext("Signing out …"))
        return
    st.markdown(gettext(WHAT_IT_IS))
    with st.container(width=CARD_WIDTH):
        if reader in {Standing.SIGNED_OUT, Standing.RUN_OUT}:
            _way_in(reader, settings)
        else:
            widgets.show(refusal(reader))
            _way_out("left")


def _way_in(reader: Standing, settings: DashboardSettings) -> None:
    provider = plain(urlsplit(settings.sign_in_metadata_url).hostname or "")
    with st.container(border=True):
        if reader is Standing.RUN_OUT:
            widgets.title(gettext("Your sign-in has run out"))
            why = ngettext("It is good for 1 hour.", "It is good for {count} hours.", settings.sign_in_hours)
        else:
            widgets.title(gettext("Sign in to see the figures"))
            why = gettext("They are for readers whom the operator of this dashboard has named.")
        where = gettext("You sign in at **{provider}** and come back here.", provider=provider)
        st.markdown(formatting.paragraph((why, where)))
        st.button(gettext("Sign in"), icon=":material/login:", type="primary", on_click=st.login)


def _way_out(side: Literal["left", "right"]) -> None:
    with st.container(horizontal=True, horizontal_alignment=side, vertical_alignment="center", gap="small"):
        # As text, since Markdown would make a link of it.
        st.text(str(st.user.get("email") or ""), width="content")
        st.button(gettext("Sign out"), type="tertiary", icon=":material/logout:", on_click=_leave)


def _leave() -> None:
    st.session_state[LEAVING] = True


def refusal(reader: Standing) -> Notice:
    """Why somebody who signed in sees no figures."""
    if reader is Standing.NO_ADDRESS:
        return Notice(
            "warning",
            gettext("Your account tells no e-mail address"),
            gettext("Readers are known by their addresses: sign out, and sign in with another account."),
        )
    if reader is Standing.UNVERIFIED:
        return Notice(
            "warning",
            gettext("Your e-mail address is not verified"),
            gettext("Verify it where you signed in; then sign out here, and sign in again."),
        )
    return Notice(
        "warning",
        gettext("You may not see the figures"),
        gettext("Ask whoever runs this dashboard to let your address in, or sign in with another account."),
    )


def heading(title: str, settings: DashboardSettings, sign_outs: Callable[[], SignOuts]) -> None:
    """The title of the page; beside it who reads it, and the way out, where readers sign in."""
    if not settings.is_behind_sign_in:
        st.title(title, anchor=False)
        return
    # A page can stay open for longer than a sign-in is good: it looks again at the end.
    left = access.end(st.user, settings.sign_in_hours) - time.time()
    until_the_end = fragment(min(max(left, 0) + 0.1, LOOK_SECONDS))(_who_reads)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(title, anchor=False)
        until_the_end(settings, sign_outs)


def _who_reads(settings: DashboardSettings, sign_outs: Callable[[], SignOuts]) -> None:
    if standing(settings, sign_outs) is not Standing.ADMITTED:
        st.rerun()
    _way_out("right")
