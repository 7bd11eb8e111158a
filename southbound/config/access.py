"""Who may read the dashboard, by what the provider says of who signed in."""

import re
from collections.abc import Collection, Mapping
from enum import Enum, auto

from southbound.config import validators

HOUR = 3600


class Standing(Enum):
    """How somebody who opens the page stands with us."""

    ADMITTED = auto()
    SIGNED_OUT = auto()
    RUN_OUT = auto()
    NO_ADDRESS = auto()
    UNVERIFIED = auto()
    NOT_NAMED = auto()


def standing(
    claims: Mapping[str, object], names: Collection[str], hours: int, now: float, *, unverified: bool = False
) -> Standing:
    """What somebody's claims (OpenID Connect Core 1.0, 2 and 5.1) are worth.

    Args:
        claims: of the ID token, and Streamlit's `is_logged_in`; empty for somebody who did not sign in.
        names: who is let in, as `named` returns them.
        hours: how long a sign-in is good.
        now: seconds of the Unix clock.
        unverified: whether addresses are let in that the provider does not call verified.
    """
    if claims.get("is_logged_in") is not True:
        return Standing.SIGNED_OUT
    # Written so that a moment that is no number has passed.
    if not now < end(claims, hours):
        return Standing.RUN_OUT
    address = claims.get("email")
    if not isinstance(address, str) or not address:
        return Standing.NO_ADDRESS
    # Some providers leave it out where a tenant may choose any address; some write it as a text.
    if not unverified and claims.get("email_verified") not in (True, "true"):
        return Standing.UNVERIFIED
    return Standing.ADMITTED if is_named(address, names) else Standing.NOT_NAMED


def end(claims: Mapping[str, object], hours: int) -> float:
    """When a sign-in runs out, in seconds of the Unix clock; long ago if it does not say when it began."""
    began = claims.get("iat")
    return began + hours * HOUR if isinstance(began, int | float) else 0.0


def is_named(address: str, names: Collection[str]) -> bool:
    """Whether an e-mail address, or the whole of what follows its one @, is among `names`."""
    try:
        validators.address(address)
    except ValueError:
        return False
    # Small letters of other alphabets may be those of this one: that of the Kelvin sign is a k.
    if not address.isascii():
        return False
    small = address.lower()
    return small in names or small.partition("@")[2] in names


def named(given: str) -> tuple[str, ...]:
    """The rule for a setting: addresses and whole domains separated by commas; in small letters.

    Raises:
        ValueError: with what is wanted.
    """
    parts = [part.strip().lower() for part in given.split(",") if part.strip()]
    if not given.isascii() or not all(map(_can_be_named, parts)):
        raise ValueError("addresses and domains like somebody@example.org, example.org")
    return tuple(dict.fromkeys(parts))


def _can_be_named(part: str) -> bool:
    if "@" not in part:
        return re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", part) is not None
    try:
        validators.address(part)
    except ValueError:
        return False
    return True
