"""What the page says, in its two languages and its two generations."""

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
Generation = Literal["current", "2018"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
GENERATIONS: tuple[Generation, ...] = get_args(Generation)

# Two blanks, as on the page; it is in English on both.
INVALID_DATE = "Your input date is invalid.  Please re-enter."


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one page; `code` to `percent` are the column headings."""

    lang: str
    file: str
    title: str
    shareholding_date: str
    detail: str
    search: str
    notes: tuple[str, ...]
    code: str
    name: str
    shareholding: str
    percent: str


def wording(language: Language, generation: Generation) -> Wording:
    """The texts in that language; the 2018 page had other headings for the name and the percent."""
    old = generation == "2018"
    if language == "zh":
        return Wording(
            lang="zh-HK",
            file="mutualmarket_c.aspx",
            title="滬深港通南向持股紀錄查詢服務",
            shareholding_date="持股日期",
            detail="持股詳情",
            search="搜尋",
            notes=(
                "以上資料由中央結算系統提供, 反映所選日期辦公時間結束時的持股量。",
                "百分比按已發行股份或單位總數計算, 該總數可能並非最新。",
            ),
            code="股份代號",
            name="股份名稱" if old else "名稱",
            shareholding="於中央結算系統的持股量",
            percent="佔已發行股份百分比" if old else "佔已發行股份/單位百分比",
        )
    return Wording(
        lang="en",
        file="mutualmarket.aspx",
        title="Stock Connect Southbound Shareholding Search By Date",
        shareholding_date="Shareholding Date",
        detail="Detail of Shareholding",
        search="Search",
        notes=(
            "The figures come from CCASS and reflect the holdings at the close of business on that date.",
            "The percentage is based on a number of issued shares or units that may not be the most recent.",
        ),
        code="Stock Code",
        name="Stock Name" if old else "Name",
        shareholding="Shareholding in CCASS",
        percent=f"% of the total number of Issued Shares{'' if old else '/Units'}",
    )
