"""Who runs this process, and who belongs to a group, as far as the system knows users by number."""

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


def group_is_private(group: int, user: int) -> bool:
    """Whether a group has no member but this user and root, as the groups that systems make for each user."""
    if sys.platform == "win32":
        return False
    import grp  # noqa: PLC0415 - it is not everywhere
    import pwd  # noqa: PLC0415

    ours = {user, 0}
    try:
        members = grp.getgrgid(group).gr_mem
        if not {pwd.getpwnam(name).pw_uid for name in members} <= ours:
            return False
    except KeyError:
        return False  # nobody knows who is in it
    return all(entry.pw_uid in ours for entry in pwd.getpwall() if entry.pw_gid == group)
