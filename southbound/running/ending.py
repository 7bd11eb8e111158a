"""How each process ends in order. Loads little: the process around the embedded store needs no more."""

import os
import signal
from types import FrameType

from southbound.running.supervisor import SUPERVISED
from southbound.system.process_tree import ENDING_SIGNALS


def end_on_signal() -> None:
    """Let SIGTERM and Ctrl-C end the process through every `finally` on the way, with status 0.

    Under a supervisor the status is that of the signal, as a shell writes it: the work is not done.
    """
    for number in ENDING_SIGNALS:
        signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    # Whoever ends us may be impatient and ask twice: the clean-up goes on.
    for other in ENDING_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number if SUPERVISED in os.environ else 0)
