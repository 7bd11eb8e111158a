"""What an error of the store, or of the way to it, means: the table that decides what is tried again.

An error that stands in no row is of our own making, and is raised.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto

import redis
from redis import exceptions


class Meaning(Enum):
    """What has to follow from an error."""

    AWAY = auto()
    """Nothing answers: try again."""

    NOT_READY = auto()
    """It answers, but not now: try again, on another connection."""

    NO_WRITES = auto()
    """It reads, but takes no writes now: try again, on another connection."""

    STRANGER = auto()
    """It wants another user or password."""

    FORBIDDEN = auto()
    """Our user lacks a right."""

    LACKING = auto()
    """It does not know a command."""

    CLUSTERED = auto()
    """It spreads its keys over several servers."""

    NO_DATABASE = auto()
    """It has no database of that number."""

    WRONG_TYPE = auto()
    """A key holds another type."""

    OURS = auto()
    """We asked for something that makes no sense."""


PASSING = {Meaning.AWAY, Meaning.NOT_READY, Meaning.NO_WRITES}
"""What may end by itself."""

CODES: Mapping[str, Meaning] = {
    "LOADING": Meaning.NOT_READY,
    "BUSY": Meaning.NOT_READY,
    "MASTERDOWN": Meaning.NOT_READY,
    "CLUSTERDOWN": Meaning.NOT_READY,
    "TRYAGAIN": Meaning.NOT_READY,
    "READONLY": Meaning.NO_WRITES,
    "NOREPLICAS": Meaning.NO_WRITES,
    "MISCONF": Meaning.NO_WRITES,
    "OOM": Meaning.NO_WRITES,
    "NOAUTH": Meaning.STRANGER,
    "WRONGPASS": Meaning.STRANGER,
    "NOPERM": Meaning.FORBIDDEN,
    "CROSSSLOT": Meaning.CLUSTERED,
    "MOVED": Meaning.CLUSTERED,
    "ASK": Meaning.CLUSTERED,
    "WRONGTYPE": Meaning.WRONG_TYPE,
}
"""By the word that an error of the store begins with."""

SAYINGS: Sequence[tuple[str, Meaning]] = (
    (r"unknown (sub)?command|unsupported command|command is not (available|supported)", Meaning.LACKING),
    (r"max number of clients reached", Meaning.NOT_READY),
    (r"not allowed in cluster mode", Meaning.CLUSTERED),
    (r"(invalid DB index|DB index is out of range)", Meaning.NO_DATABASE),
    (r"invalid password|without any password configured", Meaning.STRANGER),
)
"""By what it says, where the word is ERR or there is none."""

CLASSES: Sequence[tuple[type[redis.RedisError], Meaning]] = (
    (exceptions.AuthenticationError, Meaning.STRANGER),
    (exceptions.AuthenticationWrongNumberOfArgsError, Meaning.STRANGER),
    (exceptions.NoPermissionError, Meaning.FORBIDDEN),
    (exceptions.BusyLoadingError, Meaning.NOT_READY),
    (exceptions.MasterDownError, Meaning.NOT_READY),
    (exceptions.ClusterDownError, Meaning.NOT_READY),
    (exceptions.TryAgainError, Meaning.NOT_READY),
    (exceptions.ReadOnlyError, Meaning.NO_WRITES),
    (exceptions.OutOfMemoryError, Meaning.NO_WRITES),
    (exceptions.ClusterCrossSlotError, Meaning.CLUSTERED),
    (exceptions.AskError, Meaning.CLUSTERED),
    (redis.ConnectionError, Meaning.AWAY),
    (redis.TimeoutError, Meaning.AWAY),
    (redis.InvalidResponse, Meaning.AWAY),
    # Raised by redis-py too when the connection was lost on which a key was watched.
    (redis.WatchError, Meaning.AWAY),
)
"""By the class that redis-py has for it; the first that fits."""

_PIPELINE = re.compile(r"^Command # \d+ \(.*\) of pipeline caused error: ", re.DOTALL)


def said(error: redis.RedisError) -> str:
    """The words of the store, without those of redis-py around them, which show what was to be written."""
    text = _PIPELINE.sub("", str(error))
    code = getattr(error, "status_code", None)
    return f"{code} {text}" if code in CODES else text


def meaning(error: redis.RedisError) -> Meaning:
    """What has to follow from an error."""
    text = said(error)
    code = text.partition(" ")[0]
    if isinstance(error, redis.ResponseError) and code in CODES:
        return CODES[code]
    for pattern, found in SAYINGS:
        if re.search(pattern, text, re.IGNORECASE):
            return found
    return next((found for known, found in CLASSES if isinstance(error, known)), Meaning.OURS)


def unknown_command(text: str) -> str:
    """The command that a store says it does not know; empty if it does not name it."""
    named = re.search(r"command[^`'\"]*[`'\"]([\w|]{1,40})[`'\"]", text, re.IGNORECASE)
    return named[1].upper() if named else ""
