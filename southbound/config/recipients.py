"""Who is mailed, and in which language."""

from typing import Self

from southbound.common.host_names import ascii_host
from southbound.common.language import Language
from southbound.config.validators import address

LANGUAGES = " or ".join([", ".join(list(Language)[:-1]), list(Language)[-1]])


class Recipient(str):
    """An e-mail address, and the language that its reader chose.

    Attributes:
        language: None for that of `[email] language`.
    """

    __slots__ = ("language",)
    language: Language | None

    def __new__(cls, given: str, language_chosen: Language | None = None) -> Self:
        recipient = super().__new__(cls, given)
        recipient.language = language_chosen
        return recipient

    @property
    def as_written(self) -> str:
        """As the setting has it: `b@x.example:zh-Hans`."""
        return f"{self}:{self.language}" if self.language else str(self)


def language_named(given: str) -> Language:
    """The tag of a language that mails are written in."""
    found = {tag.lower(): tag for tag in Language}.get(given.strip().lower())
    if found is None:
        raise ValueError(LANGUAGES)
    return found


def recipients_named(given: str) -> tuple[Recipient, ...]:
    """Addresses separated by commas, each perhaps with a colon and a language behind it.

    An address counts once, however often it is given, and however its domain is written: as it is first.
    """
    first: dict[tuple[str, str], Recipient] = {}
    for part in given.split(","):
        if part.strip():
            mail, colon, tag = part.strip().partition(":")
            one = Recipient(address(mail.strip()), _of_recipient(tag) if colon else None)
            mailbox, _, domain = one.rpartition("@")
            first.setdefault((mailbox, ascii_host(domain).lower()), one)
    return tuple(first.values())


def _of_recipient(tag: str) -> Language:
    try:
        return language_named(tag)
    except ValueError:
        raise ValueError(f"{LANGUAGES} behind the colon of a recipient") from None
