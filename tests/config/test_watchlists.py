"""What each recipient follows."""

from pathlib import Path

import pytest

from southbound.common.errors import SettingsError
from southbound.config.settings import EmailSettings, describe, load
from southbound.config.watchlists import Watchlist, watchlists_named

ACCOUNT = (
    "[email]\nsmtp_server = h\nsender = s@example.org\nrecipients = ada@example.org, Bob@bücher.example\n"
)


def settings(folder: Path, text: str, environment: dict[str, str] | None = None) -> EmailSettings:
    (folder / "config.ini").write_text(text, encoding="utf-8")
    return load(folder, environment or {}).email


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        settings(folder, text)
    return tuple(caught.value.problems)


def test_each_recipient_has_a_line_and_the_list_for_all_comes_after_it(tmp_path: Path) -> None:
    email = settings(
        tmp_path,
        f"{ACCOUNT}watchlist = 5, 2800\n"
        "[watchlists]\nada@example.org = 700, 00005\nbob@BÜCHER.example = 9988\n",
    )

    assert email.watchlist_of("ada@example.org") == (700, 5, 2800)
    assert email.watchlist_of("Bob@bücher.example") == (9988, 5, 2800)
    assert email.watchlist_of("eve@example.org") == (5, 2800)


def test_the_environment_has_them_in_one_line_and_wins(tmp_path: Path) -> None:
    email = settings(
        tmp_path,
        f"{ACCOUNT}[watchlists]\nada@example.org = 700\n",
        {"EMAIL_WATCHLISTS": "bob@bücher.example: 9988 5; "},
    )

    assert email.watchlists == (Watchlist("bob@bücher.example", (9988, 5)),)


def test_of_two_lists_for_one_the_later_counts_and_an_empty_one_is_none() -> None:
    assert watchlists_named("ada@example.org: 1; Ada@example.org: 2,2; eve@example.org:") == (
        Watchlist("Ada@example.org", (2,)),
        Watchlist("eve@example.org", ()),
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ada@example.org = 7x", "[watchlists] ada@example.org: got '7x', want stock codes like 700, 00005"),
        ("ada = 700", "[watchlists] ada: got '700', want an address like somebody@example.org"),
        (
            "ada@example.org = 1; eve@x.example: 2",
            "[watchlists] ada@example.org: got '1; eve@x.example: 2', want",
        ),
    ],
)
def test_a_wrong_line_is_told_by_its_name(tmp_path: Path, line: str, told: str) -> None:
    [problem] = problems(tmp_path, f"{ACCOUNT}[watchlists]\n{line}\n")
    assert problem.startswith(told)


def test_a_list_of_nobody_who_is_mailed_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "config.ini").write_text(f"{ACCOUNT}[watchlists]\neve@example.org = 1\n", encoding="utf-8")
    told = "[watchlists] eve@example.org: is none of the recipients, so nobody is sent this list"
    assert told in load(tmp_path, {}).warnings


def test_a_wrong_text_in_the_environment_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EMAIL_WATCHLISTS in the environment"):
        settings(tmp_path, ACCOUNT, {"EMAIL_WATCHLISTS": "700, 5"})


def test_they_are_described_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "config.ini").write_text(
        f"{ACCOUNT}[watchlists]\nada@example.org = 700,5\n", encoding="utf-8"
    )
    assert "[email] watchlists = ada@example.org: 700 5" in describe(load(tmp_path, {}))
