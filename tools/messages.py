"""`make messages`: brings the catalogues up to what the product says; new sentences wait there.

Beside the sentences in calls of `gettext` and its like, the words of tables in `market/` are messages: those
are pure, and know no reader.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from southbound.common.language import Language
from southbound.hkex.quotations import Board
from southbound.hkexnews.start_failures import CAUSES
from southbound.market.kinds import KIND_NAMES
from southbound.market.metrics import METRICS
from southbound.market.missing_sessions import REASONS, UNREAD
from southbound.presentation.messages import DOMAIN, FOLDERS

SOURCES = Path(__file__).parent.parent / "southbound"
CATALOGUES = SOURCES / "presentation" / "locale"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
    "remark": None,
    "pattern": None,
}
METHODS = [
    ("**.py", "python"),
    ("**.html", "jinja2.ext.babel_extract"),
    ("**/mail.txt", "jinja2.ext.babel_extract"),
]


def words_of_tables() -> Iterator[str]:
    """What tables of the pure modules say, which presentation looks up."""
    for metric in METRICS.values():
        yield from (metric.name, metric.label, metric.unit_in_files)
        yield f"{metric.prefix}{{figure}}{metric.suffix}"
    yield from KIND_NAMES.values()
    for reason in REASONS:
        yield from filter(None, (reason.words, reason.since))
    yield UNREAD
    for cause in CAUSES:
        yield cause.line
    for board in Board:
        yield board.title


def template() -> Catalog:
    """Every message of the product, without translations."""
    catalog = Catalog(domain=DOMAIN, fuzzy=False)
    found = extract_from_dir(SOURCES, METHODS, keywords=KEYWORDS)
    for _file, _line, message, _comments, context in found:
        catalog.add(message, context=context)
    for word in words_of_tables():
        catalog.add(word)
    return catalog


def place(language: Language) -> Path:
    """Where the catalogue of a language is."""
    return CATALOGUES / FOLDERS[language] / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(language: Language) -> Catalog:
    """As it stands there; an empty one where there is none yet."""
    if not place(language).exists():
        return Catalog(locale=FOLDERS[language], domain=DOMAIN, fuzzy=False)
    with place(language).open("rb") as text:
        return read_po(text, locale=FOLDERS[language], domain=DOMAIN)


def main() -> None:
    """Update each catalogue; translations stay, and what is said no more goes."""
    wanted = template()
    for language in FOLDERS:
        catalog = catalogue(language)
        catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
        catalog.obsolete.clear()
        written = io.BytesIO()
        write_po(written, catalog, width=100, sort_output=True, omit_header=True)
        place(language).parent.mkdir(parents=True, exist_ok=True)
        place(language).write_bytes(written.getvalue())


if __name__ == "__main__":
    main()
