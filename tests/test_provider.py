"""The rules for where readers sign in, and for what their cookies are signed with."""

import pytest

from southbound.provider import cookie_secret, metadata_url

WHERE = "/.well-known/openid-configuration"


@pytest.mark.parametrize(
    "url",
    [
        f"https://accounts.example.org{WHERE}",
        f"https://login.example.org/tenant/v2.0{WHERE}",
        f"http://localhost:9400{WHERE}",
        f"http://127.0.0.1:9400{WHERE}",
        f"http://[::1]:9400{WHERE}",
    ],
)
def test_a_provider_is_known_by_its_metadata(url: str) -> None:
    assert metadata_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        f"http://accounts.example.org{WHERE}",  # anybody on the way could answer
        f"http://localhost.example.org{WHERE}",
        f"http://127.0.0.1@example.org{WHERE}",
        "https://accounts.example.org",
        f"https://accounts.example.org{WHERE}/more",
        f"https://accounts.example.org/?{WHERE}",
        f"ftp://accounts.example.org{WHERE}",
        f"accounts.example.org{WHERE}",
        f"https://{WHERE}",
        f"https://host:port{WHERE}",
        "",
    ],
)
def test_what_is_no_providers_metadata_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=f"an address like https://host{WHERE}, with http on this machine"):
        metadata_url(url)


def test_a_key_that_can_be_guessed_is_refused() -> None:
    assert cookie_secret("0123456789abcdef" * 2) == "0123456789abcdef" * 2
    with pytest.raises(ValueError, match="at least 32 characters chosen at random"):
        cookie_secret("0123456789abcdef"[:-1] * 2)
