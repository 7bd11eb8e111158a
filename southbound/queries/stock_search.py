"""Stocks found by what people type: codes in any writing, words in any order, short names, either Chinese."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from southbound.presentation import formatting, stock_names
from southbound.queries.short_names import SHORT_NAMES

_CODE = re.compile(r"#?0*([1-9]\d{0,4})")
_QUOTED = re.compile(
    r"(?<![\w.])(?:\w{0,4}hk\w{0,2}[:.]|hk)?#?(\d{1,5})(?:\s*[.:]?\s*hk[a-z]{0,2}(?:\s+equity)?)(?!\w)"
    r"|(?<![\w.])(?:\w{0,4}hk\w{0,2}[:.]\s?|hk)(\d{1,5})(?!\w)"
)
"""`700.HK`, `0700 HK`, `700 HK Equity`, `HK00700`, `HK:700`, `SEHK:700`, `0700:HKG`."""

_SEPARATORS = re.compile(r"[,;|/\n\u3001\uff0c\uff1b]+")
_SMALL_WORDS = {"and", "of", "the", "for", "in"}
_LEGAL_FORMS = {
    "co",
    "company",
    "corp",
    "corporation",
    "group",
    "holding",
    "holdings",
    "inc",
    "limited",
    "ltd",
    "plc",
}
_MARK_OF_COUNTER = re.compile(r"\s*-\s*(?:hkd|rmb|usd) (?:traded|counter).*$")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")

LEAST_INITIALS = 3
"""Letters: two would be the initials of dozens."""


class StockSearch:
    """What all stocks of a version are found by.

    Args:
        names: by code.
        chinese: likewise, as far as they are known.
    """

    def __init__(self, names: Mapping[int, str], chinese: Mapping[int, str]) -> None:
        self._labels = {
            code: f"{formatting.code(code)} {_plain(name)} {_plain(chinese.get(code, ''))}"
            for code, name in sorted(names.items())
        }
        self._chinese = {code: _plain(chinese[code]) for code in self._labels if chinese.get(code)}
        self._initials = {code: frozenset(_initials(names[code])) for code in self._labels}
        self._asked: dict[str, frozenset[int]] = {}

    def found(self, text: str) -> frozenset[int]:
        """The codes of the stocks that a text asks for; all of them, if it is empty.

        What stands between commas is asked for one by one, and each of several codes. Words have to be found
        all together, in any order.
        """
        parts = [part for part in _SEPARATORS.split(text) if part.strip()]
        if not parts:
            return frozenset(self._labels)
        return frozenset().union(*map(self._of_part, parts))

    def best(self, text: str) -> int | None:
        """The one stock that a text means most likely; None if it finds none.

        The code itself counts before a short name, initials, a whole word, and the beginning of the name.
        """
        tokens = _tokens(text)
        found = self.found(text) if tokens else frozenset[int]()
        if all(map(_as_code, tokens)):
            found &= {_as_code(token) for token in tokens}
        return min(found, key=lambda code: (self._rank(code, tokens), code), default=None)

    def several(self, text: str) -> list[int]:
        """The stocks that a text with commas means, part by part; of several codes, each."""
        parts = [part for part in _SEPARATORS.split(text) if part.strip()]
        if len(parts) == 1 and all(map(_as_code, _tokens(text))):
            parts = _tokens(text)
        return list(dict.fromkeys(code for part in parts if (code := self.best(part)) is not None))

    def _rank(self, code: int, tokens: list[str]) -> tuple[int, int]:
        label = self._labels[code]
        words = label.split()
        hits = (
            any(_as_code(token) == code for token in tokens),
            any(code in _short_names().get(name, ()) for name in (*tokens, " ".join(tokens))),
            any(token in self._initials[code] for token in tokens),
            all(token in words for token in tokens),
            any(label.find(token) == label.find(" ") + 1 for token in tokens),
            True,
        )
        return hits.index(True), len(label)

    def _of_part(self, part: str) -> frozenset[int]:
        """Of what stands between two commas."""
        tokens = _tokens(part)
        if not tokens:
            return frozenset()
        naming = [token for token in tokens if _names_one(token)]
        if len(naming) < len(tokens) or not any(map(_as_code, tokens)):
            together = self._together(tokens)
            if together:
                return together
        words = [token for token in tokens if token not in naming]
        return frozenset().union(*map(self._of_token, naming), self._together(words) if words else ())

    def _together(self, tokens: list[str]) -> frozenset[int]:
        """The stocks that all the words find."""
        return frozenset(self._labels).intersection(*map(self._of_token, tokens))

    def _of_token(self, token: str) -> frozenset[int]:
        """Of one word or number; remembered, since every rerun of the page asks again."""
        if token not in self._asked:
            if len(self._asked) > 1_000:
                self._asked.clear()
            self._asked[token] = frozenset(self._matching(token))
        return self._asked[token]

    def _matching(self, token: str) -> Iterable[int]:
        code = _as_code(token)
        if code in self._labels:
            # The code alone, but for names that have the number: CSI 100.
            return [code, *(other for other, label in self._labels.items() if token in label.split()[1:])]
        found = [other for other, label in self._labels.items() if token in label]
        short = _short_names().get(token, ())
        found += [other for other in short if other in self._labels]
        if not short and len(token) >= LEAST_INITIALS:
            found += [other for other, initials in self._initials.items() if token in initials]
        if not found and _CHINESE.search(token) and len(token) > 1:
            found = [other for other, name in self._chinese.items() if _in_order(token, name)]
        return found


def _tokens(text: str) -> list[str]:
    quoted = _QUOTED.sub(lambda match: f" #{match[1] or match[2]} ", _folded(text))
    return _plain(quoted).split()


def _names_one(token: str) -> bool:
    """Whether it stands for a stock by itself, so that several of them are several stocks."""
    is_name = len(token) > 1 and _CHINESE.match(token) is not None
    return _as_code(token) is not None or token in _short_names() or is_name


def _as_code(token: str) -> int | None:
    match = _CODE.fullmatch(token)
    return int(match[1]) if match else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _plain(text: str) -> str:
    """Small letters and numbers in simplified characters, one blank between words."""
    kept = re.sub(r"\s*&\s*", "&", re.sub(r"[.'\u2019`]", "", _folded(text)))
    return "".join(map(_simplified, re.sub(r"[^\w&#]+|_", " ", kept))).strip()


@cache
def _simplified(character: str) -> str:
    """A character as it is written on the mainland; Hong Kong's variants, 滙 and 衞, too."""
    return stock_names.simplified(character) if _CHINESE.match(character) else character


@cache
def _short_names() -> Mapping[str, tuple[int, ...]]:
    return {_plain(name): codes for name, codes in SHORT_NAMES.items()}


def _initials(name: str) -> Iterator[str]:
    """`icbc` of Industrial and Commercial Bank of China Limited: with small words or without, and shorter."""
    stem = re.sub(r"\([^)]*\)", " ", _MARK_OF_COUNTER.sub("", _folded(name)))
    words = _plain(stem).split()
    while words:
        for chosen in (words, [word for word in words if word not in _SMALL_WORDS]):
            if len(chosen) >= LEAST_INITIALS:
                yield "".join(word[0] for word in chosen)
        if words[-1] not in _LEGAL_FORMS | _SMALL_WORDS:
            return
        words = words[:-1]


def _in_order(token: str, name: str) -> bool:
    """Whether a name has all characters of a token in their order: 港交所 of 香港交易所."""
    rest = iter(name)
    return all(character in rest for character in token)
