"""Which addresses are the reader's choice, and which are on their way to the browser."""

from hypothesis import given, strategies as st

from southbound.dashboard.state.browser_history import BrowserHistory

A, B, C = {"stock": "5"}, {"stock": "6"}, {"stock": "7"}


def opened(address: dict[str, str]) -> BrowserHistory:
    history = BrowserHistory()
    assert history.is_chosen(address, is_navigation=False)
    history.note_shown(address)
    return history


def test_what_opened_the_page_is_written_only_when_something_else_is_chosen() -> None:
    history = opened({})
    history.note_shown(A)

    assert history.is_shown(A)
    assert not history.is_shown(B)


def test_a_run_with_an_address_from_before_what_was_written_is_no_choice() -> None:
    history = opened(A)
    history.note_written(B, B)
    history.note_written(C, C)

    # The browser says what it shows whenever it asks for a run; it may not have heard of the newer ones.
    for address in (A, A, B, B, C, C):
        assert not history.is_chosen(address, is_navigation=False)


def test_going_back_is_a_choice_even_before_the_browser_has_confirmed_what_was_written() -> None:
    history = opened(A)
    history.note_written(B, B)

    assert history.is_chosen(A, is_navigation=True)
    assert not history.is_chosen(A, is_navigation=False)


def test_going_back_while_nobody_listened_is_a_choice_too() -> None:
    history = opened(A)
    history.note_written(B, B)
    assert not history.is_chosen(B, is_navigation=False)

    assert history.is_chosen(A, is_navigation=False)


@given(
    st.lists(st.tuples(st.sampled_from(["choose", "hear", "run", "back"]), st.integers(0, 9)), max_size=40)
)
def test_whatever_the_order_only_going_back_is_a_choice(events: list[tuple[str, int]]) -> None:
    """A browser that hears of addresses late, and a page that runs with whatever the browser shows."""
    history, browser = opened({"n": "0"}), [{"n": "0"}]
    behind: list[dict[str, str]] = []
    for number, (event, which) in enumerate(events, 1):
        if event == "choose":
            written = {"n": str(number)}
            history.note_written(written, written)
            behind.append(written)
        elif event == "hear" and behind:
            browser.append(behind.pop(0))
        elif event == "back" and len(browser) > 1:
            browser = browser[: 1 + which % (len(browser) - 1)]
            behind.clear()
            assert history.is_chosen(browser[-1], is_navigation=True)
        elif event == "run":
            assert not history.is_chosen(browser[-1], is_navigation=False)
