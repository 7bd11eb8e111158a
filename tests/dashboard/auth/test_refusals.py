"""Refusals: for people in the language of their browser, for programs in English."""

import json
from http import HTTPStatus

import pytest

from southbound.common.language import Language
from southbound.common.remark import remark
from southbound.dashboard.auth.refusals import refusal, wanted_language

SAID = remark(
    "This dashboard is not served as {name}. If it should be, name that in DASHBOARD_HOSTS.", name="x"
)


def asked(*languages: str, path: str = "/") -> dict[str, object]:
    return {"path": path, "headers": [(b"accept-language", given.encode("latin-1")) for given in languages]}


@pytest.mark.parametrize(
    ("languages", "wanted"),
    [
        ((), Language.ENGLISH),
        (("",), Language.ENGLISH),
        (("zh-HK,zh;q=0.9,en;q=0.8",), Language.TRADITIONAL),
        (("zh-CN,zh;q=0.9,en;q=0.8",), Language.SIMPLIFIED),
        (("en;q=0.5, zh-Hans;q=0.7",), Language.SIMPLIFIED),
        (("zh-TW, en",), Language.TRADITIONAL),
        (("en, zh-TW",), Language.ENGLISH),
        (("de-CH, fr;q=0.9, zh-TW;q=0.1",), Language.TRADITIONAL),
        (("de-CH", "zh-TW"), Language.TRADITIONAL),
        (("zh-TW;q=0, *;q=0.5",), Language.ENGLISH),
        (("zh-TW;q=0.000, en;q=0.001",), Language.ENGLISH),
        (("*",), Language.ENGLISH),
        (("zh-TW;q=1000",), Language.ENGLISH),
        (("zh-TW;q=nan",), Language.ENGLISH),
        (("zh-TW;level=1",), Language.ENGLISH),
        ((" ZH-hant ; q=1.000 ",), Language.TRADITIONAL),
        ((";q=1,,;,=",), Language.ENGLISH),
        (("\x00\xff,zh-TW;q=0.5",), Language.TRADITIONAL),
        (("x," * 10_000 + "zh-TW",), Language.ENGLISH),
    ],
)
def test_the_browser_says_which_language_is_liked_best(languages: tuple[str, ...], wanted: Language) -> None:
    assert wanted_language(asked(*languages)) is wanted


def test_a_reader_is_told_in_that_language() -> None:
    answer = refusal(asked("zh-HK"), HTTPStatus.MISDIRECTED_REQUEST, SAID)

    assert bytes(answer.body).decode() == "本網頁並非以x提供。如需以此名稱提供，請於DASHBOARD_HOSTS加入。\n"
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("zh-Hant", "Accept-Language")


def test_a_program_is_told_in_english() -> None:
    answer = refusal(asked("zh-HK", path="/api/v1/dates"), HTTPStatus.UNAUTHORIZED, SAID)
    assert json.loads(bytes(answer.body)) == {"error": {"code": "unauthorized", "message": SAID}}
