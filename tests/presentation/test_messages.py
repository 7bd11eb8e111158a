"""Every sentence is there in all languages, with the same places for what is filled in."""

from string import Formatter

import pytest

from southbound.common.language import Language, speaking
from southbound.presentation.messages import FOLDERS, gettext, ngettext
from tools.messages import catalogue, template

LANGUAGES = list(FOLDERS)


def texts(written: object) -> tuple[str, ...]:
    """One, or the forms for one and for several."""
    return tuple(map(str, written)) if isinstance(written, (tuple, list)) else (str(written),)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_has_what_the_product_says_and_nothing_else(language: Language) -> None:
    wanted = {(message.context, texts(message.id)[0]) for message in template() if message.id}
    there = {(message.context, texts(message.id)[0]) for message in catalogue(language) if message.id}
    assert (wanted - there, there - wanted) == (set(), set()), "make messages, and translate what is new"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sentence_is_translated_and_fills_in_what_the_english_one_does(language: Language) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        translated = texts(message.string)
        assert all(translated), f"{message.id} is not translated"
        assert not message.fuzzy
        for text in translated:
            assert places(text) == places(texts(message.id)[-1]), f"{message.id}: {text}"


def test_english_plurals_have_the_same_places_but_for_how_many() -> None:
    for message in template():
        if len(texts(message.id)) > 1:
            one, many = map(places, texts(message.id))
            assert one | {"count"} == many, message.id


def test_a_value_stands_where_each_language_wants_it() -> None:
    for language, said in (
        (Language.ENGLISH, "up 6 sessions in a row"),
        (Language.TRADITIONAL, "連增6個交易日"),
        (Language.SIMPLIFIED, "连增6个交易日"),
    ):
        with speaking(language):
            assert ngettext("up 1 session", "up {count} sessions in a row", 6) == said


def test_braces_in_a_value_are_text() -> None:
    assert gettext("{first} and {last}", first="{x}", last="%s") == "{x} and %s"
