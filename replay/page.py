"""The whole page around a list: form, heading, scripts. Pure but for reading the templates."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from replay.calendar import ONE_DAY
from replay.figures import Day
from replay.table import NEW_LINE, table_markup, table_of
from replay.wording import Generation, Language, wording

# Stands in the frame where the list goes. A private code point, and nothing from outside comes after it.
TABLE_HERE = "\ue000"


@dataclass(frozen=True, slots=True)
class View:
    """What one answer shows beside its list.

    `label` is the heading's date, None for a page without `#pnlResult`; `echoed` is the date field's value;
    `alert` is what the scripts put up, "" for nothing.
    """

    language: Language
    generation: Generation
    today: date
    echoed: str
    label: date | None = None
    alert: str = ""
    banner: bool = False


@dataclass(frozen=True, slots=True)
class Tokens:
    """The opaque fields that a form must send back as they were."""

    viewstate: str
    generator: str
    event_validation: str

    def came_back(self, form: Mapping[str, str], generation: Generation) -> bool:
        """Whether a submitted form carries them; only the 2018 form has an event validation."""
        state = form.get("__VIEWSTATE") == self.viewstate
        return state and (generation == "current" or form.get("__EVENTVALIDATION") == self.event_validation)


@cache
def tokens(generation: Generation) -> Tokens:
    """The same for every page of a generation: a page loaded yesterday can still be submitted today."""
    viewstate, validation = _opaque(f"viewstate {generation}", 2000), _opaque(f"validation {generation}", 120)
    return Tokens(viewstate, "6DD2B4C1", validation)


def page(view: View, table: bytes = b"") -> bytes:
    """The page as sent: UTF-8, CRLF; `table` is the list's markup, shown if the view has a label."""
    words = wording(view.language, view.generation)
    frame = _template().render(
        view=view,
        words=words,
        tokens=tokens(view.generation),
        old=view.generation == "2018",
        yesterday=view.today - ONE_DAY,
        table_here=TABLE_HERE,
    )
    text = frame.replace("\n", NEW_LINE)
    if view.label is None:
        return text.encode()
    above, _, below = text.rpartition(TABLE_HERE)
    return b"".join((above.encode(), table, below.encode()))


def page_of(
    day: Day,
    *,
    language: Language = "en",
    generation: Generation = "current",
    names: Mapping[int, str] | None = None,
) -> bytes:
    """The page that shows one day, as it was on the day after: for tests of a parser that need no server."""
    view = View(language, generation, today=day.date + ONE_DAY, echoed=f"{day.date:%Y/%m/%d}", label=day.date)
    return page(view, table_markup(table_of(day, wording(language, generation), names)))


@cache
def maintenance() -> bytes:
    """What stands in for every page while the site is being worked on: 200, and no form."""
    return _environment().get_template("maintenance.html").render().replace("\n", NEW_LINE).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("replay"), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )


@cache
def _template() -> Template:
    return _environment().get_template("page.html.j2")


def _opaque(seed: str, length: int) -> str:
    """Base64 as ASP.NET's signed fields look, always the same for a seed."""
    return base64.b64encode(hashlib.shake_256(seed.encode()).digest(length * 3 // 4)).decode()
