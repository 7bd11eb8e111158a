"""What reading the page's markup needs in several places. Pure."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias, cast

from lxml import etree

from southbound.common.errors import SiteChanged
from southbound.common.remark import remark

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no other name for it


def found(path: str, within: Element) -> list[Element]:
    """The elements at an XPath. Written with `descendant::` it takes a quarter of what it takes with `//`."""
    return cast("list[Element]", within.xpath(path))


def only(elements: Sequence[Element], what: str) -> Element:
    """The one element that there is.

    Raises:
        SiteChanged: there are several, and it is not known which one is meant.
    """
    if len(elements) != 1:
        raise SiteChanged(remark("want one {what}, got {count}", what=what, count=len(elements)))
    return elements[0]


def has_class(element: Element, name: str) -> bool:
    """Whether this is one of its CSS classes."""
    return _has(element.get("class"), name)


def raw_text_of(element: Element) -> str:
    """All text in an element, as it stands there."""
    return "".join(cast("Iterable[str]", element.itertext()))


def text_of(element: Element) -> str:
    """All text in an element, blanks and line breaks as one blank each."""
    return " ".join(" ".join(cast("Iterable[str]", element.itertext())).split())


def shown(elements: Iterable[Element]) -> str:
    """What these elements say, for an error."""
    return ", ".join(repr(text_of(element)[:60]) for element in elements) or remark("none")


@lru_cache(maxsize=1000)
def _has(attribute: str | None, name: str) -> bool:
    # The same few, 9,000 times a page.
    return name in (attribute or "").split()
