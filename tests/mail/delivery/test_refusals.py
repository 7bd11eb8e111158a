"""Whose a refusal is, told from what mail servers really say."""

import pytest

from southbound.mail.delivery.refusals import Reply, Whose, is_of_one_alone, signature, whose
from tests.conftest import ROOT

REPLIES = [
    line.split(maxsplit=2)
    for line in (ROOT / "tests" / "mail" / "replies.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def reply(command: str, said: str) -> Reply:
    code, _, text = said.partition(" ")
    return Reply(int(code), text, command)


@pytest.mark.parametrize(("concerned", "command", "said"), REPLIES, ids=lambda value: value[:60])
def test_whose_a_refusal_is(concerned: str, command: str, said: str) -> None:
    assert whose(reply(command, said)) is Whose[concerned.upper()]


def test_every_kind_of_refusal_is_in_the_table() -> None:
    assert {concerned for concerned, *_ in REPLIES} == {kind.name.lower() for kind in Whose}


@pytest.mark.parametrize(
    ("said", "enhanced"),
    [
        ("550 5.7.1 no", (7, 1)),
        ("550 no (#5.1.1)", (1, 1)),
        ("554 5.2.252 SendAsDenied", (2, 252)),
        ("554 [192.5.7.1] no", None),
        ("554 Exim 5.1.2.3 says no", None),
        ("450 5.7.1 no", None),
        ("550 no", None),
    ],
)
def test_an_enhanced_status_code_is_of_the_replys_class_and_no_other_number(
    said: str, enhanced: tuple[int, int] | None
) -> None:
    assert reply("RCPT", said).enhanced == enhanced


def test_what_is_said_to_one_while_others_have_theirs_is_that_ones_own() -> None:
    assert is_of_one_alone("550 rejected", ["550 no such user"], taken=1)
    assert not is_of_one_alone("550 rejected", [], taken=0)
    assert not is_of_one_alone("550 rejected", ["550 rejected"], taken=58)


def test_the_same_complaint_has_the_same_signature_whatever_its_numbers() -> None:
    first = "550 5.4.5 Daily user sending quota exceeded. o65sm25351206pga.71 - gsmtp"
    again = "550 5.4.5 Daily user sending quota exceeded. s124sm6149838wme.29 - gsmtp"

    assert signature(first) == signature(again)
    assert signature("550 <ada@example.org>: no") == signature("550 <bob@example.org>: no")
    assert signature("535 wrong password") != signature("535 disabled account")
