"""The OpenID Connect provider that readers sign in at: the rules for its settings."""

from urllib.parse import unquote, urlsplit

from southbound.config import validators

METADATA = "/.well-known/openid-configuration"

FOR_ALL_TENANTS = {"common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"}
"""In place of a tenant in Microsoft's addresses, the last for private accounts: whoever has any account there
signs in, under an address that the account's own tenant made up."""


def metadata_url(given: str) -> str:
    """Where a provider tells about itself (OpenID Connect Discovery 1.0, 4), and nobody can answer for it.

    Raises:
        ValueError: with what is wanted.
    """
    want = f"an address like https://host{METADATA}, with http on this machine alone"
    validators.network_part(given, ("http", "https"), want)
    parts = urlsplit(given)
    is_safe = parts.scheme == "https" or parts.hostname in validators.LOOPBACK
    if not is_safe or not parts.path.endswith(METADATA):
        raise ValueError(want)
    segments = [part for part in unquote(parts.path).lower().split("/") if part]
    is_for_all = segments[0] in FOR_ALL_TENANTS or parts.hostname == "login.live.com"
    if is_for_all or "{" in parts.path or {".", ".."} & set(segments):
        raise ValueError(f"the address of your own tenant, not one for all tenants, {want}")
    return given


def cookie_secret(given: str) -> str:
    """What cookies are signed with: whoever guesses it signs in as anybody.

    Raises:
        ValueError: with what is wanted.
    """
    if len(validators.text(given)) < 32:
        raise ValueError("at least 32 characters chosen at random")
    return given
