"""The OpenID Connect provider that readers sign in at: the rules for its settings."""

from urllib.parse import urlsplit

from southbound import rules

METADATA = "/.well-known/openid-configuration"


def metadata_url(given: str) -> str:
    """Where a provider tells about itself (OpenID Connect Discovery 1.0, 4), and nobody can answer for it.

    Raises:
        ValueError: with what is wanted.
    """
    want = f"an address like https://host{METADATA}, with http on this machine alone"
    rules.network_part(given, ("http", "https"), want)
    parts = urlsplit(given)
    is_safe = parts.scheme == "https" or parts.hostname in rules.LOOPBACK
    if not is_safe or not parts.path.endswith(METADATA):
        raise ValueError(want)
    return given


def cookie_secret(given: str) -> str:
    """What cookies are signed with: whoever guesses it signs in as anybody.

    Raises:
        ValueError: with what is wanted.
    """
    if len(rules.text(given)) < 32:
        raise ValueError("at least 32 characters chosen at random")
    return given
