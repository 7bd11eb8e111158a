"""A fault is survived when all that it hit has worked after it."""

from tools.soak.kinds import Part
from tools.soak.recovery import Look, Recovery, Tally, unsurvived

ALL = frozenset(Part)


def look(at: float, well: frozenset[Part] = ALL, success: str = "", mails: int = 0) -> Look:
    return Look(at, well, success, mails)


def test_a_killed_store_is_survived_when_everybody_is_back() -> None:
    recovery = Recovery()
    recovery.over("store killed", 10.0)

    recovery.see(look(11, frozenset({Part.DASHBOARD})))
    recovery.see(look(12, ALL - {Part.MAILER}, "noon"))
    recovery.see(look(13, ALL - {Part.MAILER}, "one past noon"))
    still_open = len(recovery.open())
    recovery.see(look(17, ALL, "two past noon"))

    assert still_open == 1
    assert recovery.open() == []
    assert recovery.tallies() == {"store killed": Tally(made=1, survived=1, longest=7.0)}


def test_a_look_from_before_the_end_of_a_fault_proves_nothing() -> None:
    recovery = Recovery()
    recovery.over("channel: no date", 10.0)

    recovery.see(look(9.5))

    assert len(recovery.open()) == 1


def test_a_site_fault_is_survived_by_another_success_not_by_the_old_one() -> None:
    recovery = Recovery()
    recovery.over("site: 503", 10.0)

    recovery.see(look(11, success="noon"))
    recovery.see(look(12, success="noon"))
    old_one = len(recovery.open())
    recovery.see(look(13, success="one past noon"))

    assert (old_one, len(recovery.open())) == (1, 0)


def test_a_mail_fault_is_survived_by_a_mail() -> None:
    recovery = Recovery()
    recovery.over("mail: server away", 10.0)

    recovery.see(look(11, mails=4))
    without = len(recovery.open())
    recovery.see(look(12, mails=5))

    assert (without, len(recovery.open())) == (1, 0)


def test_what_is_not_survived_by_the_end_is_lost_and_named() -> None:
    recovery = Recovery()
    recovery.over("dashboard killed", 10.0)
    recovery.over("e-mailer killed", 11.0)
    recovery.missed.append("Chromium killed")

    recovery.see(look(20, ALL - {Part.DASHBOARD}))

    assert recovery.tallies() == {
        "Chromium killed": Tally(missed=1),
        "dashboard killed": Tally(made=1, lost=1),
        "e-mailer killed": Tally(made=1, survived=1, longest=9.0),
    }
    assert unsurvived(recovery.open()) == ["dashboard killed at 10 s: dashboard did not recover"]
