"""Whether other users of this machine can read or change a file that we trust, judged by what it holds."""

import shlex
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from southbound.common.text import one_line
from southbound.system.system_user import group_is_private, user_id

ROOT = 0
MOST_LINKS = 40
"""What Linux follows, too, before it takes them for a circle."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is met on the way to a file: folders, links, and the file itself.

    Attributes:
        mode: as in `stat`, with the kind of the step.
        owner: the number of a user.
        private_group: nobody but the owner belongs to its group, so what the group may do exposes nothing.
    """

    path: Path
    mode: int
    owner: int
    private_group: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """What others can do with a file.

    Attributes:
        refused: they could run programs of theirs as us; otherwise it is worth a warning.
        words: what is wrong, and the command that mends it.
    """

    refused: bool
    words: str


def judge(
    name: str, way: Sequence[Step], user: int, secrets: Sequence[str] = (), programs: Sequence[str] = ()
) -> Exposure | None:
    """The worst of what others can do with a file; None if that is nothing.

    Args:
        name: what the file is called in messages.
        way: from the root folder to the file.
        user: who reads it. What root may do is no exposure.
        secrets: names of the secrets that it holds; without one, everybody may read it.
        programs: names of the settings in it that name programs to run.
    """
    for step in way:
        if how := _can_be_changed(step, way, user):
            what, command = how
            if step is not way[-1]:
                what = f"others can replace it, since {one_line(str(step.path), 200)} {what}"
            mended = f"{command} {shlex.quote(str(step.path))}"
            if programs:
                what += f", and it names programs to run ({' and '.join(programs)})"
                mended += ", or name them in the environment"
            return Exposure(refused=bool(programs), words=f"{name}: {what}: {mended}")
    file = way[-1]
    if secrets and _are_able(way, file, 0o4):
        mended = f"chmod go-rwx {shlex.quote(str(file.path))}"
        return Exposure(
            refused=False, words=f"{name}: others can read it, and it holds {' and '.join(secrets)}: {mended}"
        )
    return None


def _can_be_changed(step: Step, way: Sequence[Step], user: int) -> tuple[str, str] | None:
    """What is wrong with a step, and what mends it."""
    if step.owner not in {ROOT, user}:
        return f"belongs to another user (number {step.owner})", f"chown -h {user}"
    if stat.S_ISLNK(step.mode):
        return None  # its mode says nothing
    if stat.S_ISDIR(step.mode) and step.mode & stat.S_ISVTX:
        return None  # there only the owner of a thing may replace it
    if _are_able(way, step, 0o2):
        return "can be written by others", "chmod go-w"
    return None


def _are_able(way: Sequence[Step], step: Step, right: int) -> bool:
    """Whether others, or others of its group, have a right to a step, and get there.

    A right is 4 to read, or 2 to write.
    """
    # A link may lead out of a folder that is closed.
    above = [folder for folder in way if folder.path in step.path.parents]
    everybody = step.mode & right and all(folder.mode & 0o001 for folder in above)
    some = step.mode & right << 3 and not step.private_group and all(folder.mode & 0o011 for folder in above)
    return bool(everybody or some)


def way_to(path: Path) -> list[Step]:
    """Every folder, every link and at last the file itself, as the system goes there.

    Raises:
        OSError: the file is not there, or cannot be looked at.
    """
    return list(_steps(path))


def exposure_of(path: Path, secrets: Sequence[str] = (), programs: Sequence[str] = ()) -> Exposure | None:
    """Look at a file and judge it. A file that is not there exposes nothing, and Windows has other rights.

    Args:
        path: the file; it is called by its name in messages.
        secrets: as for `judge`.
        programs: as for `judge`.
    """
    user = user_id()
    if user is None:
        return None
    try:
        way = way_to(path)
    except OSError:
        return None  # whoever opens it says what is wrong
    return judge(path.absolute().name, way, user, secrets, programs)


def _steps(path: Path) -> Iterator[Step]:
    absolute = Path.cwd() / path
    here, ahead, links = Path(absolute.anchor), list(absolute.parts[1:]), 0
    yield _step(here)
    while ahead:
        name = ahead.pop(0)
        if name == "..":
            here = here.parent
            continue
        step = _step(here / name)
        yield step
        if not stat.S_ISLNK(step.mode):
            here = step.path
            continue
        links += 1
        if links > MOST_LINKS:
            raise OSError(f"{path} is a circle of links")
        target = step.path.readlink()
        if target.is_absolute():
            here = Path(target.anchor)
        ahead = [*target.parts[1 if target.is_absolute() else 0 :], *ahead]


def _step(path: Path) -> Step:
    found = path.lstat()
    # Whom a group has is asked for only where its members could do what others cannot.
    matters = found.st_mode & 0o060
    return Step(
        path, found.st_mode, found.st_uid, bool(matters and group_is_private(found.st_gid, found.st_uid))
    )
