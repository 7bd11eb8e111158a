"""Who is let in, by what the provider says."""

import math
import string

import pytest
from hypothesis import given, strategies as st

from southbound.config.access import Standing, end, is_named, named, standing

NAMES = named("Somebody@Example.org, example.com, sub.example.net")
NOW = 1_770_000_000.0
HOURS = 12

LETTERS = string.ascii_letters + string.digits + ".-+_@ ,<>\"'\\/\u212a\u017f\u00e9\x00\n"


def claims(**others: object) -> dict[str, object]:
    usual = {"is_logged_in": True, "email": "somebody@example.org", "email_verified": True, "iat": NOW - 60}
    return usual | others


def seen(**others: object) -> Standing:
    return standing(claims(**others), NAMES, HOURS, NOW)


@pytest.mark.parametrize(
    "address",
    [
        "somebody@example.org",
        "SomeBody@EXAMPLE.org",
        "anybody@example.com",
        "any.body+news@Example.Com",
        "a@sub.example.net",
    ],
)
def test_a_named_address_and_everybody_of_a_named_domain_are_let_in(address: str) -> None:
    assert is_named(address, NAMES)
    assert seen(email=address) is Standing.ADMITTED


@pytest.mark.parametrize(
    "address",
    [
        "other@example.org",
        "somebody@example.org.evil.example",
        "somebody@evil-example.org",
        "somebody@example.orgs",
        "a@evil-example.com",
        "a@example.com.evil.example",
        "a@mail.example.com",
        "a@.example.com",
        "a@example.com.",
        "a@@example.com",
        "a@b@example.com",
        "somebody@example.org@evil.example",
        "a@evil.example,b@example.com",
        "a@evil.example b@example.com",
        "<a@example.com>",
        "a@example.com>",
        '"a@example.com"@evil.example',
        "a@example.com\n",
        "a@example.com\x00",
        "a@example.com\\@evil.example",
        "@example.com",
        "example.com",
        "",
        "@",
        "a@",
        "somebody",
        "\u017fomebody@example.org",
        "a@exa\uff4dple.com",
    ],
)
def test_what_only_looks_like_a_named_address_is_not_let_in(address: str) -> None:
    assert not is_named(address, NAMES)
    assert seen(email=address) in {Standing.NOT_NAMED, Standing.NO_ADDRESS}


def test_a_letter_that_only_becomes_small_like_another_is_another() -> None:
    assert "\u212a".lower() == "k"
    assert is_named("k@example.org", named("k@example.org"))
    assert not is_named("\u212a@example.org", named("k@example.org"))
    assert not is_named("a@\u212a.example", named("k.example"))


@given(st.text(LETTERS, max_size=40))
def test_only_what_ends_in_a_named_domain_or_is_a_named_address_is_let_in(text: str) -> None:
    local, _, domain = text.rpartition("@")
    if is_named(text, NAMES):
        assert domain.lower() in {"example.com", "sub.example.net"} or text.lower() == "somebody@example.org"
        assert local
        assert "@" not in local


@given(st.text(LETTERS, min_size=1, max_size=30))
def test_nothing_beside_a_named_domain_lets_another_in(text: str) -> None:
    assert not is_named(f"a@example.com{text}", NAMES)
    assert not is_named(f"a@b{text}example.com", NAMES)


@pytest.mark.parametrize("verified", [True, "true"])
def test_a_verified_address_is_let_in(verified: object) -> None:
    assert seen(email_verified=verified) is Standing.ADMITTED


@pytest.mark.parametrize("verified", [False, "false", None, 0, "", "yes", ["true"]])
def test_an_address_that_is_not_verified_is_not(verified: object) -> None:
    assert seen(email_verified=verified) is Standing.UNVERIFIED


@pytest.mark.parametrize("said", [{}, {"email_verified": None}, {"email_verified": False}])
def test_an_address_that_nobody_calls_verified_is_let_in_if_that_is_configured(
    said: dict[str, object],
) -> None:
    unverified = {name: value for name, value in claims().items() if name != "email_verified"} | said

    assert standing(unverified, NAMES, HOURS, NOW) is Standing.UNVERIFIED
    assert standing(unverified, NAMES, HOURS, NOW, unverified=True) is Standing.ADMITTED
    stranger = unverified | {"email": "other@example.org"}
    assert standing(stranger, NAMES, HOURS, NOW, unverified=True) is Standing.NOT_NAMED


@pytest.mark.parametrize("address", [None, "", 7, ["somebody@example.org"], {"somebody@example.org": 1}])
def test_an_account_without_an_address_is_not_let_in(address: object) -> None:
    assert seen(email=address) is Standing.NO_ADDRESS


@pytest.mark.parametrize("signed_in", [False, None, "true", 1])
def test_who_did_not_sign_in_is_signed_out(signed_in: object) -> None:
    assert seen(is_logged_in=signed_in) is Standing.SIGNED_OUT
    assert standing({}, NAMES, HOURS, NOW) is Standing.SIGNED_OUT


@pytest.mark.parametrize(
    ("began", "expected"),
    [
        (NOW, Standing.ADMITTED),
        (NOW + 90, Standing.ADMITTED),  # the provider's clock is ahead
        (NOW - HOURS * 3600 + 1, Standing.ADMITTED),
        (NOW - HOURS * 3600, Standing.RUN_OUT),
        (0, Standing.RUN_OUT),
        (math.nan, Standing.RUN_OUT),
        (None, Standing.RUN_OUT),
        (str(NOW), Standing.RUN_OUT),
        (True, Standing.RUN_OUT),
    ],
)
def test_a_sign_in_runs_out(began: object, expected: Standing) -> None:
    assert seen(iat=began) is expected


def test_the_end_of_a_sign_in() -> None:
    assert end(claims(iat=NOW), HOURS) == NOW + 43_200
    assert end({}, HOURS) == 0


def test_names_are_kept_in_small_letters_and_once() -> None:
    assert named(" A@Example.org,example.org ,, EXAMPLE.org") == ("a@example.org", "example.org")


@pytest.mark.parametrize(
    "given_text",
    [
        "*",
        "*.example.org",
        "@example.org",
        "somebody",
        "a@b@example.org",
        "a@",
        ".example.org",
        "example..org",
        "https://example.org",
        "exam ple.org",
        "a@example.org b@example.org",
        "\u212a.example",
    ],
)
def test_what_names_nobody_is_refused(given_text: str) -> None:
    with pytest.raises(ValueError, match=r"^addresses and domains like somebody@example\.org, example\.org$"):
        named(f"example.org, {given_text}")
