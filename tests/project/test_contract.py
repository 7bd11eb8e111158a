"""What docs/contract.md promises is what the code has: keys, JSON, status, settings, address, commands."""

import re
import subprocess
import sys
from dataclasses import fields
from datetime import date

import pytest

from southbound.cli import COMMANDS
from southbound.config.settings import SECTIONS
from southbound.market.daily_holdings import COLUMNS
from southbound.market.metrics import METRICS
from southbound.presentation.view_url import parameters
from southbound.store import keys, status_remarks
from southbound.store.scraper_status import ScraperStatus, State
from tests.conftest import ROOT

DAY = date(2026, 2, 27)


def rows(file: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of a document, without its head."""
    text = (ROOT / "docs" / file).read_text(encoding="utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_key_of_the_store_is_listed_with_its_type() -> None:
    listed = {quoted(key)[0]: kind for key, kind, _ in rows("contract.md", "Redis keys")}
    plain = {
        value
        for name, value in vars(keys).items()
        if isinstance(value, str) and value.startswith("southbound:") and not name.endswith("_PREFIX")
    }
    made = {
        keys.day(DAY).replace(str(DAY), "YYYY-MM-DD"),
        keys.quarantine(DAY).replace(str(DAY), "YYYY-MM-DD"),
        *(key(DAY).replace(str(DAY), "YYYY-MM-DD") for key in (keys.prices, keys.turnover, keys.short)),
        keys.mail(DAY).replace(str(DAY), "YYYY-MM-DD"),
        keys.alert("INCIDENT", 0, "NEWS").replace(":0:", ":SINCE:"),
        keys.signed_out("FINGERPRINT"),
    }
    redis_types = {"sorted set": "zset"}

    assert set(listed) == plain | made
    assert {key: redis_types.get(listed[key], listed[key]) for key in keys.TYPES} == keys.TYPES


def test_the_columns_of_a_day_are_listed() -> None:
    assert [quoted(column)[0] for column, _ in rows("contract.md", "The JSON of a day")] == list(COLUMNS)


def test_the_fields_and_states_of_the_status_are_listed() -> None:
    table = rows("contract.md", "The status")

    assert sorted(name for field, _ in table for name in quoted(field)) == sorted(
        [*(field.name for field in fields(ScraperStatus)), status_remarks.FIELD]
    )
    assert quoted(table[0][1]) == list(State)


def written(default: object) -> str:
    """A default as the table has it."""
    if isinstance(default, bool):
        return f"`{default}`".lower()
    if isinstance(default, float):
        return f"`{default:.1f}`" if default < 10 else f"`{default:g}`"
    return "none" if default in {None, "", ()} else f"`{default}`"


def test_every_setting_is_listed_with_its_place_and_default() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    table = [line.strip("|").split(" | ") for line in text.splitlines() if re.match(r"\| `[A-Z]", line)]
    listed: dict[str, tuple[tuple[str, str] | None, str]] = {}
    for variables, places, default in table:
        section = re.match(r"`\[(\w+)\] ", places.strip())
        options = [place.rpartition(" ")[2] for place in quoted(places)]
        for number, variable in enumerate(quoted(variables)):
            listed[variable] = (section[1], options[number]) if section else None, default.strip()

    assert set(listed) == {option.metadata["env"] for table in SECTIONS.values() for option in fields(table)}
    for name, group in SECTIONS.items():
        for option in fields(group):
            place, default = listed[option.metadata["env"]]
            assert place == (None if "secret" in option.metadata else (name, option.name))
            assert written(option.default) in default or default.startswith("found on the PATH")


def test_every_parameter_of_the_address_is_listed() -> None:
    listed = [name for names, _ in rows("dashboard.md", "Its address") for name in quoted(names)]

    assert sorted(name for name in listed if "=" not in name) == sorted(parameters())


def test_every_metric_is_listed_as_the_address_has_it() -> None:
    [values] = [what for names, what in rows("dashboard.md", "Its address") if "metric" in quoted(names)]

    assert quoted(values)[: len(METRICS)] == list(METRICS)


@pytest.mark.parametrize("script", ["backend_scraper.py", "email_automation.py"])
def test_the_options_of_a_script_are_listed(script: str) -> None:
    shown = subprocess.run(
        [sys.executable, str(ROOT / script), "--help"], capture_output=True, text=True, check=True
    ).stdout
    commands = [command for command, _ in rows("contract.md", "Command line")]
    listed = {
        option for command in commands if script in command for option in re.findall(r"--[\w-]+", command)
    }

    assert {"--help", "--check-config", *listed} == set(
        re.findall(r"--[\w-]+", shown.partition("options:")[2])
    )


def test_the_commands_of_the_console_script_are_listed() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")

    assert {name for name in COMMANDS if f"`southbound {name}" not in text} == set()
    assert set(re.findall(r"`southbound ([\w-]+)", text)) == set(COMMANDS)
