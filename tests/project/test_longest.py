"""The files that the tests begin with."""

from tests.conftest import LONGEST, ROOT


def test_each_of_the_longest_files_is_there() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []
