"""config.ini and .env as texts. What is wrong with them is added to a list, so that all of it can be told."""

import difflib
from collections.abc import Collection, Mapping
from configparser import ConfigParser, Error as IniError, MissingSectionHeaderError, ParsingError
from pathlib import Path

from dotenv import dotenv_values


def read_ini(
    path: Path, known: Mapping[str, Mapping[str, str | None]], problems: list[str]
) -> dict[str, dict[str, str]]:
    """Section -> key -> text. A file that is not there has none.

    Args:
        path: the file.
        known: section -> key -> None, or for a secret the variable that it belongs in.
        problems: gets a line for each unknown section or key, each secret, and a file that cannot be read.
    """
    parser = ConfigParser(interpolation=None, default_section="")
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"), source=path.name)
    except FileNotFoundError:
        return {}
    except (IniError, OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {_without_its_text(error)}")
        return {}
    for section in parser.sections():
        if section not in known:
            problems.append(f"[{section}]: no such section, want one of {', '.join(known)}")
            continue
        for key in parser[section]:
            if key not in known[section]:
                problems.append(f"[{section}] {key}: no such key{_meant(key, known[section])}")
            elif variable := known[section][key]:
                problems.append(
                    f"[{section}] {key}: a secret, want it as {variable} in .env or the environment alone"
                )
    return {section: dict(parser[section]) for section in parser.sections()}


def read_dotenv(path: Path, known: Collection[str], problems: list[str]) -> dict[str, str]:
    """Variable -> text. `problems` gets a line for each that is unknown, and a file that cannot be read."""
    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {error}")
        return {}
    problems += [
        f"{path.name} {key}: no such variable{_meant(key, known)}" for key in values if key not in known
    ]
    return {key: value for key, value in values.items() if value is not None}


def _without_its_text(error: Exception) -> str:
    """What is wrong with a file, without the line itself: a secret may stand in it."""
    if isinstance(error, MissingSectionHeaderError):
        return f"line {error.lineno} stands before the first [section]"
    if isinstance(error, ParsingError):
        lines = ", ".join(str(number) for number, _ in error.errors)
        return f"want `key = value`, not what stands in line {lines}"
    return " ".join(str(error).split())


def _meant(key: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f", did you mean {close[0]}?" if close else f", want one of {', '.join(known)}"
