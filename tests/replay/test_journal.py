"""How gaps between requests are counted."""

from replay.journal import Journal, Request, smallest_gap


def request(began: float, ended: float) -> Request:
    return Request(began, ended, "GET", None, "en", 200, 1)


def test_the_smallest_gap_is_from_an_end_to_the_next_beginning() -> None:
    assert smallest_gap([request(0, 1), request(3, 4), request(4.5, 9)]) == 0.5


def test_requests_are_taken_in_the_order_in_which_they_began() -> None:
    assert smallest_gap([request(5, 6), request(0, 2)]) == 3


def test_requests_that_overlap_have_a_negative_gap() -> None:
    assert smallest_gap([request(0, 5), request(1, 2)]) == -4


def test_a_request_inside_a_long_one_does_not_hide_that_the_next_overlaps_too() -> None:
    assert smallest_gap([request(0, 10), request(9, 9.5), request(9.75, 11)]) == -1


def test_one_request_has_no_gap() -> None:
    assert smallest_gap([request(0, 1)]) is None


def test_a_request_counts_as_long_as_it_is_being_answered() -> None:
    journal = Journal()
    with journal.entry("GET", "en"), journal.entry("POST", "zh"):
        assert journal.at_once == 2
    assert (journal.at_once, journal.most_at_once) == (0, 2)
    assert [record.method for record in journal.requests] == ["POST", "GET"]
