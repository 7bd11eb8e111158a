"""When a delivery is tried again, and what is said of it."""

import pytest

from southbound.common.errors import DeliveryDelayed, MailServerAway, MailServerRefuses
from southbound.mail.delivery.backoff import Backoff


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def until_over(self, backoff: Backoff) -> float:
        """Let time pass until it may be tried again; how many seconds that took."""
        begin = self.now
        while not backoff.is_over():
            self.now += 1
        return self.now - begin


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_at_first_nothing_keeps_it_waiting(clock: Clock) -> None:
    assert Backoff(clock).is_over()


def test_the_pauses_grow_to_half_an_hour_and_start_anew_after_a_success(clock: Clock) -> None:
    backoff = Backoff(clock)
    pauses = []
    for _ in range(9):
        backoff.failed("the mail", DeliveryDelayed("451 later"))
        pauses.append(clock.until_over(backoff))
    backoff.succeeded()
    backoff.failed("the mail", MailServerAway("cut"))

    assert pauses == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]
    assert clock.until_over(backoff) == 30


def test_what_a_person_must_mend_is_said_once_and_tried_again_slowly(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    backoff = Backoff(clock)
    for _ in range(3):
        backoff.failed("the mail", MailServerRefuses("535 wrong password"))
        assert clock.until_over(backoff) == 1800

    [line] = caplog.records
    assert line.levelname == "CRITICAL"
    assert line.getMessage() == (
        "the mail waits: 535 wrong password; this needs a person; trying again every 1800 s"
    )
    backoff.failed("the mail", MailServerRefuses("535 disabled account"))
    assert "535 disabled account" in caplog.text
