"""Who runs this process, as far as the system knows users by number."""

import os
import sys


def user_id() -> int | None:
    """The number of the user whose rights this process has; 0 is root.

    None on Windows, which has no such numbers.
    """
    if sys.platform == "win32":
        return None
    return os.geteuid()


def is_root() -> bool:
    """Whether this process may do everything."""
    return user_id() == 0
