"""Every word that a reader sees: whole sentences, looked up in the catalogues of `locale/`.

The English sentence is the key of the others. What is filled in stands in braces, with a name, so that each
language has it where it wants it; nothing is put together from parts of sentences.
"""

import gettext as catalogues
from functools import cache
from io import BytesIO
from pkgutil import get_data
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from southbound.common.language import Language, spoken
from southbound.common.remark import Remark, remark_of

DOMAIN = "southbound"

FOLDERS = {Language.TRADITIONAL: "zh_Hant", Language.SIMPLIFIED: "zh_Hans"}
"""Where the catalogues are; English needs none."""


def gettext(message: str, /, **values: Any) -> str:
    """A sentence in the reader's language, with values in the places of their names."""
    return _catalogue(spoken()).gettext(message).format(**values)


def pgettext(context: str, message: str, /, **values: Any) -> str:
    """A word that English has for two things, of which other languages call each by another."""
    return _catalogue(spoken()).pgettext(context, message).format(**values)


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """The same with a form for one and another for several; `{count}` is how many."""
    return _catalogue(spoken()).ngettext(one, many, count).format(count=count, **values)


def translated(text: str) -> str:
    """What a part that knows no reader said: in the reader's language, if it can be."""
    if not isinstance(text, Remark):
        return text
    return gettext(text.pattern, **{name: translated(value) for name, value in text.values.items()})


def said(error: Exception) -> str:
    """What an exception says, in the same way."""
    return translated(remark_of(error))


def gettext_noop(message: str) -> str:
    """Marks a word in a table, that is looked up when it is shown."""
    return message


def pgettext_noop(_context: str, message: str) -> str:
    """The same of a word that is looked up by `pgettext`."""
    return message


@cache
def _catalogue(language: Language) -> catalogues.NullTranslations:
    """From the text that translators edit: nothing compiled can lag behind it. About 20 ms."""
    if language not in FOLDERS:
        return catalogues.NullTranslations()
    text = get_data("southbound.presentation", f"locale/{FOLDERS[language]}/LC_MESSAGES/{DOMAIN}.po")
    assert text is not None  # noqa: S101 - only a loader that knows no files answers so
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(text), locale=FOLDERS[language], domain=DOMAIN))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)
