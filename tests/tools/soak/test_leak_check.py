"""What counts as growth, by made-up lifetimes of a process."""

import pytest

from tools.soak.leak_check import HANDLES, MEMORY_BYTES, Lifetime, Sample, grown, judged

MB = 2**20


def lifetime(program: str, memory: list[float], handles: list[int] | None = None) -> Lifetime:
    """A lifetime with a sample every two seconds, in MB."""
    samples = [Sample(2.0 * n, int(mb * MB), handles[n] if handles else 20) for n, mb in enumerate(memory)]
    return Lifetime(program, 4711, samples)


def test_a_flat_life_is_no_growth() -> None:
    assert list(grown([lifetime("e-mailer", [150 + n % 5 for n in range(120)])])) == []


def test_a_leak_is_found() -> None:
    [line] = grown([lifetime("e-mailer", [150 + n for n in range(120)])])

    assert line.startswith("e-mailer (pid 4711): ")
    assert "MB" in line


def test_what_grows_while_it_warms_up_and_then_stays_is_no_growth() -> None:
    assert list(grown([lifetime("scraper", [*(50 + 8 * n for n in range(14)), *([162.0] * 100)])])) == []


def test_a_peak_that_is_given_back_is_no_growth() -> None:
    assert list(grown([lifetime("scraper", [*([100.0] * 90), *([400.0] * 5), *([100.0] * 25)])])) == []


@pytest.mark.parametrize(("more", "found"), [(HANDLES, 0), (HANDLES + 1, 1)])
def test_handles_that_are_left_open_are_found(more: int, found: int) -> None:
    handles = [20] * 60 + [20 + more] * 60

    lines = list(grown([lifetime("store", [50.0] * 120, handles)]))

    assert len(lines) == found
    assert all("handles" in line for line in lines)


def test_a_small_process_may_grow_by_some_megabytes() -> None:
    tolerated = MEMORY_BYTES / MB

    assert list(grown([lifetime("store", [8.0] * 60 + [8.0 + tolerated] * 60)])) == []
    assert list(grown([lifetime("store", [8.0] * 60 + [12.0 + tolerated] * 60)]))


def test_a_short_life_is_not_judged() -> None:
    short = lifetime("e-mailer", [100.0 + 10 * n for n in range(40)])

    assert list(grown([short])) == []
    assert judged([short]) == 0
    assert judged([short, lifetime("e-mailer", [100.0] * 60)]) == 1


def test_the_dashboard_is_judged_when_streamlit_gives_up_its_first_sessions() -> None:
    """It keeps a closed session for two minutes."""
    growing_then_flat = [*range(100, 175), *([175] * 60)]

    assert list(grown([lifetime("dashboard", [float(mb) for mb in growing_then_flat])])) == []
    assert judged([lifetime("dashboard", [100.0] * 80)]) == 0
