"""The mail server refuses, hangs up, or is not there."""

from collections.abc import Callable
from random import Random
from typing import Any

from tools.soak.environment import READERS, Environment

Begin = Callable[[Environment, Random], Callable[[], None]]


def _answers(attribute: str, answer: Any, usual: Any) -> Begin:
    def begin(environment: Environment, _random: Random) -> Callable[[], None]:
        setattr(environment.inbox, attribute, answer)
        return lambda: setattr(environment.inbox, attribute, usual)

    return begin


def _to_one(answer: str) -> Begin:
    def begin(environment: Environment, random: Random) -> Callable[[], None]:
        environment.inbox.recipient_answers = {random.choice(READERS): answer}

        def taken() -> None:
            environment.inbox.recipient_answers = {}

        return taken

    return begin


FAULTS: dict[str, Begin] = {
    "mail: 4xx to every message": _answers("message_answer", "451 try again later", None),
    "mail: 4xx to one recipient": _to_one("452 mailbox full"),
    "mail: 5xx to one recipient": _to_one("550 no such user"),
    "mail: 5xx to every message, for the account": _answers(
        "message_answer", "550 5.4.5 Daily user sending quota exceeded", None
    ),
    "mail: 5xx to every message, for the sender": _answers(
        "message_answer", "550 5.7.60 Client does not have permissions to send as this sender", None
    ),
    "mail: 421 to every message": _answers("message_answer", "421 4.7.0 Too many connections", None),
    "mail: 5xx to the sender": _answers("sender_answer", "550 who are you", None),
    "mail: cut before the final dot is answered": _answers("hangs_up", "before", None),
    "mail: taken, and cut before the answer": _answers("hangs_up", "after", None),
    "mail: server away": _answers("greets", None, True),  # noqa: FBT003 - a value, not a switch
    "mail: server silent": _answers("greets", False, True),  # noqa: FBT003
}
