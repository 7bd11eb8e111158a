"""Which language a reader is spoken to in."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from southbound.common.language import (
    Language,
    Reader,
    for_same_reader,
    local_name,
    of_header,
    of_tag,
    speaking,
    spoken,
    write_for,
    writing_for,
)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", Language.ENGLISH),
        ("en-GB", Language.ENGLISH),
        ("zh", Language.SIMPLIFIED),
        ("zh-CN", Language.SIMPLIFIED),
        ("zh-SG", Language.SIMPLIFIED),
        ("zh_CN", Language.SIMPLIFIED),
        ("zh-HK", Language.TRADITIONAL),
        ("zh-TW", Language.TRADITIONAL),
        ("ZH-mo", Language.TRADITIONAL),
        ("yue-HK", Language.TRADITIONAL),
        ("zh-Hant", Language.TRADITIONAL),
        ("zh-Hant-CN", Language.TRADITIONAL),
        ("zh-Hans-HK", Language.SIMPLIFIED),
        ("de-DE", None),
        ("", None),
        ("zhuang", None),
    ],
)
def test_a_tag_asks_for_a_language(tag: str, language: Language | None) -> None:
    assert of_tag(tag) is language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-HK,zh;q=0.9,en;q=0.8", Language.TRADITIONAL),
        ("zh-CN, zh-TW;q=0.9", Language.SIMPLIFIED),
        ("en;q=0.5, zh-Hant;q=0.7", Language.TRADITIONAL),
        ("de-CH, de;q=0.9, zh-CN;q=0.8, en;q=0.7", Language.SIMPLIFIED),
        ("zh-TW;q=0, en;q=0.1", Language.ENGLISH),
        ("zh-TW; Q=0.2 , en-GB; q=0.3", Language.ENGLISH),
        ("zh;q=nan, zh-TW;q=2, zh-HK;q=-1, zh-MO;q=", None),
        ("de, *", None),
        ("", None),
        (",;q=1,;", None),
    ],
)
def test_a_browser_says_which_languages_it_wants(accepted: str, language: Language | None) -> None:
    assert of_header(accepted) is language


def test_every_language_is_asked_for_by_its_own_tag() -> None:
    assert [of_tag(language) for language in Language] == list(Language)


def test_a_language_is_spoken_for_as_long_as_it_was_asked_for() -> None:
    with speaking(Language.TRADITIONAL):
        with speaking(Language.SIMPLIFIED):
            assert spoken() is Language.SIMPLIFIED
        assert spoken() is Language.TRADITIONAL
    assert spoken() is Language.ENGLISH


def test_a_thread_does_not_speak_anothers_language() -> None:
    heard = []

    def speak_and_hear() -> None:
        write_for(Reader(Language.TRADITIONAL))
        heard.append(spoken())

    other = threading.Thread(target=speak_and_hear)
    other.start()
    other.join()
    assert (heard, spoken()) == ([Language.TRADITIONAL], Language.ENGLISH)


def test_a_stock_has_the_readers_name_where_it_is_known() -> None:
    with writing_for(Reader(Language.TRADITIONAL, {700: "騰訊控股"})):
        assert (local_name(700, "TENCENT"), local_name(5, "HSBC")) == ("騰訊控股", "HSBC")
    assert local_name(700, "TENCENT") == "TENCENT"


def test_what_is_written_later_in_another_thread_is_for_the_same_reader() -> None:
    with writing_for(Reader(Language.TRADITIONAL, {700: "騰訊控股"})):
        write = for_same_reader(lambda code: (spoken(), local_name(code, "TENCENT")))
    with ThreadPoolExecutor(1) as other, speaking(Language.SIMPLIFIED):
        assert other.submit(write, 700).result() == (Language.TRADITIONAL, "騰訊控股")
        assert spoken() is Language.SIMPLIFIED
