"""The newest mail, as its readers see it.

Imported when it is asked for: what draws a mail takes long to load.
"""

from base64 import b64encode
from functools import cache

import streamlit as st

from southbound.common.errors import MailNotPossible, StoreError
from southbound.common.language import spoken
from southbound.dashboard.state.resources import process
from southbound.dashboard.views import widgets
from southbound.dashboard.views.markdown import plain
from southbound.mail.preview import MailPreview, MailPreviews
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, ngettext, said

HEIGHT = 1000
"""In pixels; the rest of the mail scrolls."""


def newest_mail() -> None:
    """The mail of the newest day, as it was or would be sent, and whether it was."""
    try:
        mail = mail_previews().newest(spoken())
    except (MailNotPossible, StoreError) as trouble:
        st.caption(plain(gettext("The mail cannot be shown now: {trouble}.", trouble=said(trouble))))
        return
    if mail is None:
        st.caption(gettext("There is no mail before there is a day."))
        return
    widgets.title(mail.subject, gettext("The mail of {day}", day=formatting.day(mail.day)), _how_far(mail))
    # By an address of its own: what is in the mail came from outside, and must not reach into this page.
    st.iframe(f"data:text/html;charset=utf-8;base64,{b64encode(mail.page.encode()).decode()}", height=HEIGHT)


def _how_far(mail: MailPreview) -> str:
    if mail.sent is None:
        return gettext("not sent to anybody yet: this is what would be sent")
    return ngettext(
        "sent to 1 reader, first on {moment}",
        "sent to {count} readers, first on {moment}",
        mail.taken,
        moment=formatting.moment(mail.sent),
    )


@cache
def mail_previews() -> MailPreviews:
    """One for all pages of the process."""
    settings = process().settings
    return MailPreviews(process().store, settings.email, settings.dashboard.url)
