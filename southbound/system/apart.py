"""Work in a process of its own: what it loads and fills of the memory is given back when that ends.

For what is heavy and rare. A process that has drawn one picture would otherwise hold the drawing library
until its own end.
"""

import logging
import os
import pickle
import subprocess
import sys
import traceback
from logging.handlers import QueueHandler
from pkgutil import resolve_name
from queue import SimpleQueue
from typing import Any

from southbound.common.errors import ProcessDied
from southbound.common.logs import keep_logs_plain
from southbound.common.remark import remark

LONGEST_SECONDS = 300.0
"""Work takes seconds; a machine that swaps needs longer."""

_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from southbound.system.apart import answer; answer()"
_KEPT_FROM_CTRL_C: dict[str, Any] = {"process_group": 0}
if sys.platform == "win32":
    _KEPT_FROM_CTRL_C = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}


def apart(function: str, *arguments: object, seconds: float = LONGEST_SECONDS) -> Any:
    """What a function returns in a new Python process, which has ended when this returns.

    That process imports the function's module and nothing of the caller's, so it works alike on systems that
    cannot fork. What it logs is logged here. If the caller is ended meanwhile, so is that process.

    Args:
        function: its module and name, as in `package.module:name`.
        arguments: what it gets; they and what it returns are pickled.
        seconds: how long it may take.

    Raises:
        ProcessDied: it ended before it answered: killed for its memory, say.
        Exception: what the function raised, with the other process's traceback as a note.
    """
    command = [sys.executable, "-c", _CHILD, *sys.path]
    question = pickle.dumps((function, arguments))
    try:
        done = subprocess.run(  # noqa: S603 - our own Python
            command, input=question, stdout=subprocess.PIPE, timeout=seconds, check=False, **_KEPT_FROM_CTRL_C
        )
    except subprocess.TimeoutExpired:
        raise ProcessDied(
            remark(
                "{function} had no answer after {seconds} s, and was ended",
                function=function,
                seconds=f"{seconds:g}",
            )
        ) from None
    except OSError as error:
        raise ProcessDied(
            remark("{function} could not be started: {error}", function=function, error=error)
        ) from error
    if done.returncode:
        raise ProcessDied(
            remark(
                "{function} ended with status {returncode} and no answer",
                function=function,
                returncode=done.returncode,
            )
        )
    succeeded, result, records = pickle.loads(done.stdout)  # noqa: S301 - from our own child
    for record in records:
        if (log := logging.getLogger(record.name)).isEnabledFor(record.levelno):
            log.handle(record)
    if not succeeded:
        raise _rebuilt(*result)
    return result


def answer() -> None:
    """Be the other process: read the question from stdin, write the answer to stdout, and end."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    records: SimpleQueue[logging.LogRecord] = SimpleQueue()
    keep_logs_plain()
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger().addHandler(QueueHandler(records))
    name, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    try:
        result = resolve_name(name)(*arguments)
        answered = pickle.dumps((True, result, _all_of(records)))
    except Exception as error:  # noqa: BLE001 - the parent knows what to do with it
        answered = pickle.dumps((False, _portable(error), _all_of(records)))
    with told:
        told.write(answered)


def _all_of(records: SimpleQueue[logging.LogRecord]) -> list[logging.LogRecord]:
    return [records.get() for _ in range(records.qsize())]


def _portable(error: Exception) -> tuple[type[Exception], tuple[Any, ...], dict[str, Any]]:
    """The parts of an error, with its traceback as a note; its words where they cannot be pickled."""
    notes = {"__notes__": ["".join(traceback.format_exception(error))]}
    parts = (type(error), error.args, {**vars(error), **notes})
    try:
        pickle.loads(pickle.dumps(parts))  # noqa: S301 - made here
    except Exception:  # noqa: BLE001 - an error may have anything in it
        return RuntimeError, (f"{type(error).__name__}: {error}",), notes
    return parts


def _rebuilt(kind: type[Exception], arguments: tuple[Any, ...], attributes: dict[str, Any]) -> Exception:
    """The error, past its own `__init__`, which may take something else than it hands on."""
    error = kind.__new__(kind, *arguments)
    vars(error).update(attributes)
    return error
