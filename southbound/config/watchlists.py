"""What each recipient follows: a watchlist of their own, beside the one for all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from southbound.common.host_names import ascii_host
from southbound.common.text import one_line
from southbound.config.validators import address, codes

SECTION = "watchlists"
"""Of config.ini: a line for each recipient."""

WANTED = "ADDRESS: CODES, with ; between two of them"


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The stock codes that one recipient follows, in the order in which they are shown."""

    recipient: str
    codes: tuple[int, ...]

    @property
    def as_written(self) -> str:
        """As the setting has it: `ada@example.org: 700 5`."""
        return f"{self.recipient}: {' '.join(map(str, self.codes))}"

    def is_of(self, recipient: str) -> bool:
        """Whether it is this one's, however the address is written; config.ini tells no capitals apart."""
        return _alike(self.recipient) == _alike(recipient)


def watchlists_named(given: str) -> tuple[Watchlist, ...]:
    """`ada@example.org: 700, 5; bob@example.org: 9988`; of two for one address the later counts."""
    found: dict[str, Watchlist] = {}
    for part in given.split(";"):
        if part.strip():
            recipient, colon, listed = part.partition(":")
            if not colon:
                raise ValueError(WANTED)
            recipient = address(recipient.strip())
            found[_alike(recipient)] = Watchlist(recipient, codes(listed.replace(" ", ",")))
    return tuple(found.values())


def in_one_line(section: Mapping[str, str], problems: list[str]) -> str:
    """The lines of the section of config.ini as `watchlists_named` takes them; what is wrong is reported."""
    return "; ".join(_parts(section, problems))


def _parts(section: Mapping[str, str], problems: list[str]) -> Iterator[str]:
    for recipient, listed in section.items():
        try:
            yield Watchlist(address(recipient), codes(listed)).as_written
        except ValueError as wanted:
            shown = one_line(recipient, 100)
            problems.append(
                f"[{SECTION}] {shown}: got {one_line(listed, 100)!r}, want {wanted} (from config.ini)"
            )


def _alike(recipient: str) -> str:
    mailbox, _, domain = recipient.rpartition("@")
    return f"{mailbox}@{ascii_host(domain)}".lower()
