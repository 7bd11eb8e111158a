"""The rules for where readers sign in, and for what their cookies are signed with."""

import pytest

from southbound.config.oidc_validators import cookie_secret, metadata_url

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


@pytest.mark.parametrize(
    "tenant",
    [
        *("common", "organizations", "consumers", "Common", "common/v2.0", "%63ommon/v2.0", "/common"),
        *("9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", "{tenantid}/v2.0", "mine/../common/v2.0"),
    ],
)
@pytest.mark.parametrize("host", ["login.microsoftonline.com", "login.microsoftonline.us", "sts.windows.net"])
def test_a_provider_for_all_tenants_is_refused(host: str, tenant: str) -> None:
    with pytest.raises(ValueError, match="the address of your own tenant, not one for all tenants"):
        metadata_url(f"https://{host}/{tenant}{WHERE}")


@pytest.mark.parametrize(
    "url",
    [
        f"https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0{WHERE}",
        f"https://login.microsoftonline.com/contoso.example/v2.0{WHERE}",
        f"https://id.example.org/realms/common{WHERE}",
    ],
)
def test_a_tenant_of_ones_own_is_taken(url: str) -> None:
    assert metadata_url(url) == url


def test_a_key_that_can_be_guessed_is_refused() -> None:
    assert cookie_secret("0123456789abcdef" * 2) == "0123456789abcdef" * 2
    with pytest.raises(ValueError, match="at least 32 characters chosen at random"):
        cookie_secret("0123456789abcdef"[:-1] * 2)
