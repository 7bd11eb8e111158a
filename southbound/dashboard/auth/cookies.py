"""Streamlit's cookies as this dashboard sends them: short-lived, over TLS where there is some, no tokens."""

import re

from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from southbound.config.access import HOUR

_AGE = re.compile(r"; *max-age=(\d+)", re.IGNORECASE)
_SECURE = re.compile(r"; *secure(;|$)", re.IGNORECASE)


def as_sent(cookie: str, *, hours: int, is_secure: bool) -> str | None:
    """A `Set-Cookie` header as it leaves; None for what is not sent.

    Args:
        cookie: as Streamlit wrote it.
        hours: how long a sign-in is good.
        is_secure: whether the reader's browser speaks TLS to us, or to what is in front.
    """
    name, age = cookie.partition("=")[0].strip(), _AGE.search(cookie)
    ends = age is not None and age[1] == "0"
    # The provider's tokens open more than this dashboard, which has no use for them.
    if name.startswith(TOKENS_COOKIE_NAME) and not ends:
        return None
    if name.startswith(USER_COOKIE_NAME) and not ends:
        cookie = f"{_AGE.sub('', cookie)}; Max-Age={hours * HOUR}"
    return cookie if not is_secure or _SECURE.search(cookie) else f"{cookie}; Secure"
