"""Names of hosts in headers and settings."""

import pytest
from hypothesis import given, strategies as st

from southbound.config.allowed_hosts import Origin, Place, named, origin, place, with_address


@pytest.mark.parametrize(
    ("netloc", "host", "port"),
    [
        ("localhost", "localhost", None),
        ("LocalHost.:8501", "localhost", 8501),
        ("127.0.0.1:8501", "127.0.0.1", 8501),
        ("[::1]:8501", "[::1]", 8501),
        ("[0:0:0:0:0:0:0:1]", "[::1]", None),
        ("xn--mnchen-3ya.example:", "xn--mnchen-3ya.example", None),
    ],
)
def test_a_host_is_read_in_one_way_of_writing_it(netloc: str, host: str, port: int | None) -> None:
    assert place(netloc) == Place(host, port)


NO_HOSTS = [
    *(
        "",
        ".",
        "..",
        "a..b",
        "localhost:0",
        "localhost:65536",
        "localhost:port",
        ":8501",
        "[::1",
        "::1",
        "[]",
    ),
    *("[fe80::1%25eth0]", "[localhost]", "user@localhost", "localhost/", "localhost?", "localhost#", "a b"),
    *(
        "localhost\\evil",
        "m\u00fcnchen.example",
        "localhost\n",
        "local\x00host",
        "a" * 254,
        "localhost:8501:1",
    ),
    *("localhost,evil.example", "http://localhost", "localhost:\u0661"),
]


@pytest.mark.parametrize("netloc", NO_HOSTS)
def test_what_is_no_host_is_not_read(netloc: str) -> None:
    with pytest.raises(ValueError, match=r"host|At |Expected|characters|Octet"):
        place(netloc)


@pytest.mark.parametrize(
    ("text", "scheme", "host", "port", "netloc"),
    [
        ("https://Example.org", "https", "example.org", 443, "example.org"),
        ("HTTP://example.org:80", "http", "example.org", 80, "example.org"),
        ("https://example.org:80", "https", "example.org", 80, "example.org:80"),
        ("http://[::1]:8501", "http", "[::1]", 8501, "[::1]:8501"),
    ],
)
def test_an_origin_always_has_a_port(text: str, scheme: str, host: str, port: int, netloc: str) -> None:
    assert origin(text) == Origin(scheme, host, port)
    assert origin(text).netloc == netloc


@pytest.mark.parametrize(
    "text",
    ["null", "", "file://", "localhost", "//localhost", "https://", "https://a/", "https://a@b", "ws://a"],
)
def test_what_is_no_origin_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"an origin|a host"):
        origin(text)


@given(st.text(max_size=60))
def test_whatever_is_read_as_a_host_is_read_again_as_the_same(text: str) -> None:
    try:
        host, _ = place(text)
    except ValueError:
        return
    assert place(host) == Place(host, None)
    assert host.isascii()
    assert host == host.lower()


def test_the_setting_takes_names_and_addresses_without_ports() -> None:
    assert named(" Southbound.Example.org, 192.0.2.7 ,[2001:DB8::1],m\u00fcnchen.example,192.0.2.7") == (
        *("southbound.example.org", "192.0.2.7", "[2001:db8::1]", "xn--mnchen-3ya.example"),
    )
    assert named("") == ()


@pytest.mark.parametrize(
    "text", ["a:80", "a:", "https://a", "*", "*.example.org", "a b", "2001:db8::1", "\u3002"]
)
def test_the_setting_refuses_all_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"names of hosts like southbound\.example\.org"):
        named(text)


@pytest.mark.parametrize(
    ("address", "more"),
    [
        ("192.0.2.7", ("192.0.2.7",)),
        ("2001:db8::1", ("[2001:db8::1]",)),
        ("a.example", ()),
        (None, ()),
        ("0.0.0.0", ()),
        ("::", ()),
        ("unix:///run/southbound", ()),
    ],
)
def test_a_server_is_also_asked_for_by_the_address_that_it_listens_on(
    address: str | None, more: tuple[str, ...]
) -> None:
    assert with_address(("a.example",), address) == ("a.example", *more)
