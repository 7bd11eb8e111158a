"""Who is mailed, and in which language."""

import pytest

from southbound.common.language import Language
from southbound.config.recipients import Recipient, language_named, recipients_named
from southbound.config.settings import EmailSettings


def test_a_recipient_may_choose_a_language() -> None:
    read = recipients_named("ada@example.org, bob@example.org:zh-Hans,eve@example.org : ZH-hant")

    assert read == ("ada@example.org", "bob@example.org", "eve@example.org")
    assert [one.language for one in read] == [None, Language.SIMPLIFIED, Language.TRADITIONAL]
    assert [one.as_written for one in read] == [
        "ada@example.org",
        "bob@example.org:zh-Hans",
        "eve@example.org:zh-Hant",
    ]


def test_whoever_chose_none_has_the_one_of_the_section() -> None:
    settings = EmailSettings(
        recipients=recipients_named("ada@example.org, bob@example.org:en"), language=Language.TRADITIONAL
    )

    assert settings.language_of("ada@example.org") is Language.TRADITIONAL
    assert settings.language_of("bob@example.org") is Language.ENGLISH
    assert settings.language_of("eve@example.org") is Language.TRADITIONAL


def test_addresses_are_parted_by_commas_and_count_once() -> None:
    assert recipients_named(" a@example.org,b@example.org ,, a@example.org,") == (
        "a@example.org",
        "b@example.org",
    )
    assert recipients_named(" , ") == ()
    assert recipients_named("a@Bücher.example,a@XN--bcher-kva.example, a@bücher.EXAMPLE") == (
        "a@Bücher.example",
    )
    assert recipients_named("a@example.org,A@example.org") == ("a@example.org", "A@example.org")


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^an address like somebody@example.org$"):
        recipients_named("a@example.org, b")


def test_an_address_counts_once_as_it_is_given_first() -> None:
    read = recipients_named("ada@Example.org:zh-Hans, ada@example.org")

    assert read == (Recipient("ada@Example.org"),)
    assert read[0].language is Language.SIMPLIFIED


@pytest.mark.parametrize(
    "given", ["ada@example.org:", "ada@example.org:zh", "ada@example.org:de", "ada@example.org:zh-Hans:en"]
)
def test_another_language_is_refused_with_those_that_there_are(given: str) -> None:
    with pytest.raises(ValueError, match="en, zh-Hant or zh-Hans behind the colon of a recipient"):
        recipients_named(given)


@pytest.mark.parametrize("given", ["zh-CN", "english", "zh_Hans"])
def test_the_language_of_the_section_is_one_of_the_three(given: str) -> None:
    with pytest.raises(ValueError, match=r"^en, zh-Hant or zh-Hans$"):
        language_named(given)
