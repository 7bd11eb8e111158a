"""Why Chromium does not start, and the way out, in one line. Pure."""

import re
from dataclasses import dataclass

from southbound.common.remark import remark
from southbound.common.text import one_line

NO_SANDBOX = re.compile(
    r"No usable sandbox|without --no-sandbox is not supported|SUID sandbox helper binary|"
    r"Failed to move to new namespace|zygote_host_impl_linux|sandbox.*Operation not permitted"
)
"""Chromium's words where it cannot shut in its own processes."""

POLICY = "remote debugging is disallowed"


@dataclass(frozen=True, slots=True)
class Cause:
    """What is said of a failure.

    Attributes:
        words: what the driver or Chromium says.
        line: what we say; groups of `words` stand in braces.
        final: whether nothing else comes after these words: there is no need to wait any longer.
    """

    words: re.Pattern[str]
    line: str
    final: bool = True


CAUSES = (
    Cause(
        re.compile(POLICY),
        "a policy of this machine forbids to steer Chromium: set RemoteDebuggingAllowed to true in its "
        "managed policies (chrome://policy lists them), or CHROME_BINARY to one that they do not hold for",
    ),
    Cause(
        re.compile(r"error while loading shared libraries: (?P<library>[^:\s]+)"),
        "the library {library} is missing: install what Chromium depends on (Debian's package chromium "
        "brings it)",
    ),
    Cause(
        re.compile(
            r"only supports Chrome version (?P<driver>\d+)(?:.*?version is (?P<browser>[\d.]+))?", re.DOTALL
        ),
        "the driver is made for Chromium {driver}, and this is {browser}: install both from the same source, "
        "or set CHROME_BINARY and CHROMEDRIVER to two of one version",
    ),
    Cause(
        re.compile(r"cannot find Chrome binary|no chrome binary at (?P<path>\S+)"),
        "no Chromium is found: install chromium, or set CHROME_BINARY",
    ),
    Cause(
        re.compile(r"Unable to obtain driver|NoSuchDriver"),
        "no driver is found: install chromium-driver, or set CHROMEDRIVER",
    ),
    Cause(
        re.compile(r"No space left on device|Disk quota exceeded"),
        "there is no room for its files in {folder}: set TMPDIR to a folder with more",
    ),
    Cause(
        re.compile(r"Read-only file system"),
        "its files cannot be written in {folder}: set TMPDIR to a folder that can be written to",
        final=False,
    ),
    Cause(
        re.compile(
            r"(?i:pthread_create|fork|clone)\S*:? .*Resource temporarily unavailable|Too many open files"
        ),
        "this machine permits its user no further processes or files: raise the limits (ulimit -u, -n)",
    ),
    Cause(
        re.compile(r"snap-confine|snap\.chromium"),
        "a Chromium that is a snap does not reach the folder of its driver: set CHROME_BINARY and "
        "CHROMEDRIVER to one from another source",
        final=False,
    ),
)


def sandbox_is_refused(said: str) -> bool:
    """Whether the machine does not permit the sandbox."""
    return bool(NO_SANDBOX.search(said))


def is_final(said: str) -> bool:
    """Whether Chromium has said that it will not start. Its driver may wait for it all the same."""
    return sandbox_is_refused(said) or any(cause.final and cause.words.search(said) for cause in CAUSES)


def cause_of(said: str, folder: str) -> str:
    """The line for what the driver and Chromium have said; empty if none is known.

    Args:
        said: all of it.
        folder: where their files are.
    """
    for cause in CAUSES:
        if found := cause.words.search(said):
            groups = {name: value or "another" for name, value in found.groupdict().items()}
            return remark(cause.line, **groups, folder=folder)
    if sandbox_is_refused(said):
        return remark("this machine does not permit its sandbox (docs/operations.md)")
    return ""


def last_words(said: str) -> str:
    """The last line of what was said that tells something; empty if none does."""
    lines = [line.strip() for line in said.splitlines()]
    telling = [line for line in lines if line and not NOISE.search(line)]
    return one_line(telling[-1], LONGEST_WORDS) if telling else ""


NOISE = re.compile(r"dbus|ChromeDriver|local connections|Timed out receiving|unexpected operator")
LONGEST_WORDS = 300
