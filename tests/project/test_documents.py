"""What README and docs say is there: files, headings, names, and nothing twice."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.project.test_rooms import ROOMS

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = (ROOT, ROOT / "southbound")
"""What a path in a document may begin at."""
MADE = ("build/", ".data/", ".venv/", "scraper.log")
"""What is not in the repository, and made by our commands."""


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def quoted(text: str) -> list[str]:
    """What stands between backticks, outside of blocks."""
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`([^`\n]+)`", without_blocks)


def paths(text: str) -> Iterator[str]:
    """What is quoted and looks like a file or folder of ours."""
    for words in quoted(text):
        path = words.partition("::")[0]
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)+/?|[\w-]+\.(py|md|toml|ini)|[\w-]+/", path):
            yield path


def headings(file: Path) -> list[str]:
    """The anchors of a document, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text_of(file), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_every_link_leads_somewhere(file: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text_of(file)):
        path, _, anchor = target.partition("#")
        if "://" in path:
            continue
        to = (file.parent / path).resolve() if path else file
        assert to.exists(), target
        assert not anchor or anchor in headings(to), target


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_every_path_that_is_named_exists(file: Path) -> None:
    known = {path for path in paths(text_of(file)) if not path.startswith(MADE)}

    assert {path for path in known if not any((folder / path).exists() for folder in FOLDERS)} <= OTHERS


OTHERS = {"10.0.0.0/8"}
"""What looks like a path, and is none of ours."""


@cache
def sources() -> str:
    """All code of ours."""
    folders = ("southbound", "replay", "demo", "tools", "tests")
    files = [*ROOT.glob("*.py"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    files += [
        file for folder in folders for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ".js"}
    ]
    return "\n".join(map(text_of, files))


def test_every_name_that_the_recipes_give_is_in_the_code() -> None:
    names = {
        part
        for words in quoted(text_of(ROOT / "CONTRIBUTING.md"))
        if re.fullmatch(r"[\w./-]+::\w+|[A-Za-z_][\w.]*(\(\))?", words) and not words.startswith("make")
        for part in re.split(r"::|\.", words.removesuffix("()"))[-1:]
    }

    assert len(names) > 15
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", sources())} == set()


def test_every_command_that_is_named_is_one_of_the_makefile() -> None:
    makefile = text_of(ROOT / "Makefile")
    commands = {name for file in DOCUMENTS for name in re.findall(r"`make ([\w-]+)", text_of(file))}

    assert "test" in commands
    assert {name for name in commands if f"\n{name}:" not in makefile} == set()


def test_the_readme_is_short() -> None:
    assert len(text_of(ROOT / "README.md").splitlines()) <= 150


def test_no_row_or_paragraph_stands_in_two_documents() -> None:
    lines = Counter(
        line
        for file in DOCUMENTS
        for line in {line.strip() for line in text_of(file).splitlines()}
        if len(line) > 60
    )

    assert [line for line, times in lines.items() if times > 1] == []


def test_the_architecture_has_a_row_for_each_room_from_the_ground_up() -> None:
    names = [name.removeprefix("southbound.") for name in ROOMS if name.count(".") == 1]
    rooms = [name for name in names if (ROOT / "southbound" / name).is_dir()]

    assert re.findall(r"^\| `(\w+)/` \|", text_of(ROOT / "docs" / "architecture.md"), re.MULTILINE) == rooms
