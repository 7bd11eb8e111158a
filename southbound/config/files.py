"""config.ini and .env as texts. What is wrong with them is added to a list, so that all of it is reported."""

import difflib
import io
import re
from collections.abc import Collection, Mapping
from configparser import ConfigParser, Error as IniError, MissingSectionHeaderError, ParsingError
from pathlib import Path

from dotenv.parser import parse_stream

from southbound.common.text import one_line

LONGEST_KEY = 40
"""Characters of one that is reported; the longest of ours has 30."""

MOST_BYTES = 1_000_000
"""Of one of the two files. Whatever is larger is another file that stands in its place."""


def read_ini(
    path: Path,
    known: Mapping[str, Mapping[str, str | None]],
    problems: list[str],
    of_readers: Collection[str] = (),
) -> dict[str, dict[str, str]]:
    """Section -> key -> text. A file that is not there has none.

    Args:
        path: the file.
        known: section -> key -> None, or for a secret the variable that it belongs in.
        problems: gets a line for each unknown section or key, each secret, and a file that cannot be read.
        of_readers: sections whose keys are names of the reader's own.
    """
    parser = ConfigParser(interpolation=None, default_section="")
    try:
        parser.read_string(_text_of(path), source=path.name)
    except FileNotFoundError:
        return {}
    except (IniError, OSError, ValueError) as error:
        problems.append(f"{path.name}: {_without_its_text(error)}")
        return {}
    for section in parser.sections():
        if section in of_readers:
            continue
        if section not in known:
            problems.append(f"[{_in_short(section)}]: no such section, want one of {', '.join(known)}")
            continue
        for key in parser[section]:
            if key not in known[section]:
                problems.append(f"[{section}] {_in_short(key)}: no such key{_meant(key, known[section])}")
            elif variable := known[section][key]:
                problems.append(
                    f"[{section}] {key}: a secret, want it as {variable} in .env or the environment alone"
                )
    return {section: dict(parser[section]) for section in parser.sections()}


def read_dotenv(path: Path, known: Collection[str], problems: list[str]) -> dict[str, str]:
    """Variable -> text. A file that is not there has none.

    Args:
        path: the file.
        known: the variables that may stand in it.
        problems: gets a line for each unknown variable, each line that sets none, and a file that cannot be
            read. None of them shows a value, or what may be one.
    """
    try:
        statements = list(parse_stream(io.StringIO(_text_of(path))))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        problems.append(f"{path.name}: {error}")
        return {}
    values: dict[str, str] = {}
    for statement in statements:
        key, value = statement.key, statement.value
        if key is None and not statement.error:
            continue  # an empty line, or a remark
        if key is not None and key in known and value is not None:
            values[key] = value
        elif value is not None and key and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", key):
            problems.append(f"{path.name} {key}: no such variable{_meant(key, known)}")
        else:
            # A statement may begin with the empty lines before it.
            empty = re.match(r"\s*", statement.original.string)
            line = statement.original.line + (empty[0].count("\n") if empty else 0)
            problems.append(f"{path.name} line {line}: want NAME=value, not what stands there")
    return values


def _text_of(path: Path) -> str:
    """What stands in a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is larger than any such file, or no UTF-8.
    """
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"want a file of at most {MOST_BYTES:,} bytes")
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()


def _without_its_text(error: Exception) -> str:
    """What is wrong with a file, without the line itself: a secret may stand in it."""
    if isinstance(error, MissingSectionHeaderError):
        return f"line {error.lineno} stands before the first [section]"
    if isinstance(error, ParsingError):
        lines = ", ".join(str(number) for number, _ in error.errors)
        return f"want `key = value`, not what stands in line {lines}"
    return " ".join(str(error).split())


def _in_short(key: str) -> str:
    return one_line(key, LONGEST_KEY)


def _meant(key: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(key[:LONGEST_KEY], known, n=1)
    return f", did you mean {close[0]}?" if close else f", want one of {', '.join(known)}"
