"""Names of hosts: what is one, how it is written in ASCII, and what a mail server is told of ours."""

import pytest
from hypothesis import example, given, strategies as st

from southbound.common.host_names import ascii_address, ascii_host, greeting_name


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("smtp.example.org", "smtp.example.org"),
        ("SMTP.example.org.", "SMTP.example.org"),
        ("mail_server", "mail_server"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("straße.example", "xn--strae-oqa.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("::1", "::1"),
        ("[2001:DB8::0]", "2001:db8::"),
        ("a" * 63, "a" * 63),
    ],
)
def test_a_name_is_written_in_ascii(given_name: str, name: str) -> None:
    assert ascii_host(given_name) == name


@pytest.mark.parametrize(
    "given_name",
    [
        "",
        ".",
        "a..b",
        ".a",
        "a..",
        "a" * 64,
        "ü" * 60,
        "a." * 127 + "a",
        "-a",
        "a-",
        "a b",
        "a:25",
        "a/b",
        "a\\b",
        "a%b",
        "1.2.3",
        "1.2.3.4.5",
        "0x7f.1",
        "256.1.1.1",
        "[::1",
        "[127.0.0.1]",
        "fe80::1%eth0",
        "\u200d",
        "xn--\u00fc",
        "a\x00b",
    ],
)
def test_what_is_no_name_is_a_value_error(given_name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        ascii_host(given_name)


@pytest.mark.parametrize(
    ("given_address", "address"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("jürgen@例え.jp", "jürgen@xn--r8jz45g.jp"),
    ],
)
def test_an_address_has_its_domain_in_ascii(given_address: str, address: str) -> None:
    assert ascii_address(given_address) == address


@pytest.mark.parametrize(
    ("full_name", "own_address", "greeting"),
    [
        ("machine.example.org", "192.0.2.7", "machine.example.org"),
        ("rechner.bücher.example", "192.0.2.7", "rechner.xn--bcher-kva.example"),
        ("laptop", "192.0.2.7", "[192.0.2.7]"),
        ("Müllers-MacBook", "192.0.2.7", "[192.0.2.7]"),
        ("my_pc.example.org", "192.0.2.7", "[192.0.2.7]"),
        ("", "192.0.2.7", "[192.0.2.7]"),
        ("a..b", "2001:db8::7", "[IPv6:2001:db8::7]"),
        (f"{'a' * 64}.example.org", "fe80::1%eth0", "[IPv6:fe80::1]"),
        ("machine.example.org\r\nMAIL FROM:<x>", "192.0.2.7", "[192.0.2.7]"),
        ("192.0.2.9", "192.0.2.7", "[192.0.2.7]"),
        ("", "/run/socket", "[127.0.0.1]"),
    ],
)
def test_a_mail_server_is_told_a_full_name_or_the_address(
    full_name: str, own_address: str, greeting: str
) -> None:
    assert greeting_name(full_name, own_address) == greeting


@given(st.text(max_size=80))
@example("machine.example.org ")
@example("\udcff.example.org")
def test_whatever_a_machine_is_called_the_greeting_is_one_word_in_ascii(full_name: str) -> None:
    greeting = greeting_name(full_name, "192.0.2.7")

    assert greeting.isascii()
    assert greeting.isprintable()
    assert " " not in greeting
    assert len(greeting) <= 253
