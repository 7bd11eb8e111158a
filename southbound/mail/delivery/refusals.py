"""Whose a mail server's refusal is: the recipient's, the account's, or the message's. Pure.

The reply code alone does not tell (RFC 5321, 4.2): providers say 550 of an unknown mailbox, of an account
that has reached its daily limit, and of a sender that is not verified, after RCPT as well as after DATA. So
the words decide where they are plain, then the enhanced status code (RFC 3463; the registry of RFC 5248).
What neither tells is `UNCLEAR`, and decided by what was said to the other recipients: `is_of_one_alone`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from southbound.mail.delivery import refusal_words as words


class Whose(Enum):
    """Whom a refusal concerns."""

    RECIPIENT = auto()
    """This mailbox: unknown, full, closed to us. Others are taken."""
    ACCOUNT = auto()
    """Our account, sender or right to relay: a person must act, or a quota begin anew. Nobody is given up."""
    MESSAGE = auto()
    """What the message holds. It is the same for all, but mailboxes judge it differently."""
    SERVER = auto()
    """The server, or the pace that it allows us: it passes, and everybody waits."""
    UNCLEAR = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers.

    Attributes:
        code: of three digits; -1 if there was none.
        text: what follows it, in one line.
        command: that it answers: `RCPT` or `DATA`.
    """

    code: int
    text: str
    command: str

    @property
    def is_lasting(self) -> bool:
        """Whether it says never (RFC 5321, 4.2.1). What is no code at all may pass."""
        return 500 <= self.code < 600

    @property
    def enhanced(self) -> tuple[int, int] | None:
        """Subject and detail of its enhanced status code, as (7, 1) of 5.7.1; None if it has none."""
        # Its class must be the reply code's, else it is another number: an address, or a version.
        found = re.search(rf"(?<![\w.]){self.code // 100}\.(\d{{1,3}})\.(\d{{1,3}})(?![\w.]\w)", self.text)
        return (int(found[1]), int(found[2])) if found else None


_RECIPIENTS = {
    *((1, detail) for detail in (1, 2, 3, 4, 6, 10, 351)),
    *((2, detail) for detail in (1, 2, 4, 121, 122)),
    *((4, detail) for detail in (4, 310, 312)),
    *((7, detail) for detail in (17, 18, 124, 129, 133, 134, 135, 136, 193)),
}
"""Enhanced status codes of the recipient; those with three digits are Microsoft's."""

_ACCOUNTS = {
    *((1, detail) for detail in (7, 8, 90)),
    *((2, detail) for detail in (252, 253)),
    (4, 5),
    (5, 3),
    *((7, detail) for detail in (2, 3, 8, 11, 12, 13, 14, 15, 19, *range(20, 31), 57, 60, 64, 139)),
    *((7, detail) for detail in (*range(500, 520), *range(700, 760))),
}
"""Of the account, the sender, or the machine that it sends from. 5.4.5 is Gmail's daily limit."""

_MESSAGES = {(2, 3), (3, 4), (3, 3), *((6, detail) for detail in (0, 1, 2, 3, 5, 6, 7, 8, 9)), (7, 7)}


def whose(reply: Reply) -> Whose:
    """Whom a refusal after RCPT or DATA concerns, judged by itself."""
    text = _plain(reply.text)
    found = _by_limits(reply, text)
    if found is not None:
        return found
    if words.RELAY.search(text):
        return Whose.ACCOUNT
    if words.RESTRICTED.search(text) or _is_unknown(text):
        return Whose.RECIPIENT
    if reply.is_lasting and words.THIS_SENDER.search(text) and _by_code(reply.enhanced) is not Whose.MESSAGE:
        return Whose.ACCOUNT
    if not reply.is_lasting:
        return _passing(reply, text)
    return _by_code(reply.enhanced) or _by_words(reply, text)


def _by_limits(reply: Reply, text: str) -> Whose | None:
    """What is full or used up: a mailbox, or what an account may send."""
    is_long = words.LONG_LIMIT.search(text)
    is_sending = re.search(r"daily|hourly|sending|outbound|per (day|hour)|hours", text)
    is_full = words.FULL.search(text) or reply.enhanced == (2, 2)
    if words.RECEIVING.search(text) or (is_full and not is_sending):
        return Whose.RECIPIENT
    if is_long:
        return Whose.ACCOUNT
    if words.PACE.search(text) and not words.GREYLISTED.search(text):
        return Whose.ACCOUNT if reply.is_lasting else Whose.SERVER
    return Whose.ACCOUNT if words.LIMIT.search(text) and not words.CONTENT.search(text) else None


def _is_unknown(text: str) -> bool:
    """Whether nobody is there; a sender who is not there is our own."""
    found = words.UNKNOWN.search(text)
    return found is not None and not re.search(r"sender|mail from|from address", text[: found.end()])


def _passing(reply: Reply, text: str) -> Whose:
    """Of a 4xx. Greylisting is each recipient's own; 421, 454 and what is said of us are everybody's."""
    if words.GREYLISTED.search(text):
        return Whose.RECIPIENT
    if reply.code in {421, 454} or reply.enhanced in {(4, 5), (3, 1), (3, 2), (7, 28)}:
        return Whose.SERVER
    is_of_us = words.THIS_SENDER.search(text) or words.ACCOUNT.search(text)
    return Whose.SERVER if is_of_us or _by_code(reply.enhanced) is Whose.ACCOUNT else Whose.RECIPIENT


def _by_code(enhanced: tuple[int, int] | None) -> Whose | None:
    groups = ((_RECIPIENTS, Whose.RECIPIENT), (_ACCOUNTS, Whose.ACCOUNT), (_MESSAGES, Whose.MESSAGE))
    return next((concerned for codes, concerned in groups if enhanced in codes), None)


def _by_words(reply: Reply, text: str) -> Whose:
    groups = (
        (words.ACCOUNT, Whose.ACCOUNT),
        (words.RECIPIENT, Whose.RECIPIENT),
        (words.CONTENT, Whose.MESSAGE),
    )
    found = next((concerned for pattern, concerned in groups if pattern.search(text)), None)
    # RFC 5321, 4.2.3: 552 after RCPT is of a full mailbox, and after DATA of a large message.
    by_code = {(552, "RCPT"): Whose.RECIPIENT, (552, "DATA"): Whose.MESSAGE, (551, "RCPT"): Whose.RECIPIENT}
    return found or by_code.get((reply.code, reply.command), Whose.UNCLEAR)


def is_of_one_alone(said: str, said_to_others: Iterable[str], taken: int) -> bool:
    """Whether an `UNCLEAR` refusal, or one of the `MESSAGE`, is its recipient's own.

    Args:
        said: the `signature` of the refusal.
        said_to_others: those of what else was refused.
        taken: how many have the same mail.
    """
    return taken > 0 and said not in set(said_to_others)


def signature(text: str) -> str:
    """A text without what differs each time, as addresses and queue numbers: equal for the same complaint."""
    return re.sub(r"\S*[\d@]\S*|\S{25,}", "#", text)


def distinct(errors: Iterable[Exception]) -> list[Exception]:
    """One of each signature, in their order."""
    first: dict[str, Exception] = {}
    for error in errors:
        first.setdefault(signature(str(error)), error)
    return list(first.values())


def _plain(text: str) -> str:
    """In small letters, without addresses and links: their words are nobody's complaint."""
    bare = re.sub(r"https?://\S+|<[^<>\s]*>|\S+@\S+", " ", text)
    return " ".join(bare.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
