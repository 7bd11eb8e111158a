"""The plan of a run: the same for a seed, with every kind, and with room to recover."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tools.soak.kinds import KINDS, StoreKind, kinds_of
from tools.soak.schedule import MAILED_SECONDS, SETTLES_SECONDS, Planned, planned

TEN_MINUTES = 600.0
SEEDS = [*range(12), 9999]


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert planned(TEN_MINUTES, 7) == planned(TEN_MINUTES, 7)
    assert planned(TEN_MINUTES, 7) != planned(TEN_MINUTES, 8)


@pytest.mark.parametrize("store", StoreKind)
@pytest.mark.parametrize("seed", SEEDS)
def test_ten_minutes_have_every_kind_of_fault(seed: int, store: StoreKind) -> None:
    kinds = kinds_of(store)

    assert {fault.kind for fault in planned(TEN_MINUTES, seed, kinds).faults} == set(kinds)


def test_a_failover_is_for_a_store_under_sentinel_and_the_disk_for_one_of_its_own() -> None:
    own, sentinel = map(kinds_of, StoreKind)

    assert own.keys() | sentinel.keys() == KINDS.keys()
    assert {"store killed", "store full"} <= own.keys() - sentinel.keys()
    assert {"Sentinel: primary killed", "Sentinel: replica killed"} <= sentinel.keys() - own.keys()
    assert "store loses everything" in own.keys() & sentinel.keys()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_fault_reaches_into_a_calm(seed: int) -> None:
    plan = planned(TEN_MINUTES, seed)

    assert len(plan.calms) == 3
    for calm in plan.calms:
        assert not [f for f in plan.faults if f.at < calm.ends and f.at + f.lasts > calm.begins]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_faults_on_one_program_leave_it_time_to_live(seed: int) -> None:
    faults = planned(TEN_MINUTES, seed).faults
    words = {kind.apart for kind in KINDS.values() if kind.apart}

    for word in words:
        hits = [fault for fault in faults if KINDS[fault.kind].apart == word]
        for one, other in pairwise(hits):
            assert other.at - one.at - one.lasts >= KINDS[one.kind].apart_seconds


def test_some_faults_begin_at_once_and_some_while_others_last() -> None:
    faults = planned(TEN_MINUTES, 1).faults

    assert [1 for one, other in pairwise(faults) if one.at == other.at]
    assert [1 for one, other in pairwise(faults) if one.at < other.at < one.at + one.lasts]


def test_a_fault_lasts_as_long_as_its_kind_may() -> None:
    for fault in planned(TEN_MINUTES, 3).faults:
        kind = KINDS[fault.kind]
        assert kind.shortest <= fault.lasts <= kind.longest


def test_a_calm_has_one_new_day_between_its_recovery_and_its_mails() -> None:
    plan = planned(TEN_MINUTES, 5)

    for calm in plan.calms:
        assert [moment for moment in plan.publications if calm.begins <= moment <= calm.ends] == [
            calm.publishes
        ]
        assert (calm.publishes - calm.begins, calm.ends - calm.publishes) == pytest.approx(
            (SETTLES_SECONDS, MAILED_SECONDS)
        )


@pytest.mark.parametrize("minutes", [0.5, 2, 60])
def test_a_run_of_any_length_ends_in_a_calm(minutes: float) -> None:
    plan = planned(minutes * 60, 1)

    assert plan.faults
    assert plan.calms[-1].begins == pytest.approx(minutes * 60)


def test_a_fault_that_found_nothing_is_tried_again_until_a_calm_comes() -> None:
    plan = planned(TEN_MINUTES, 1)
    calm = plan.calms[0]
    fault = Planned(calm.begins - 10, "Chromium killed", 0.0, 1)
    tried = [fault]

    while later := plan.later(tried[-1]):
        tried.append(later)

    assert [calm.begins - again.at for again in tried] == pytest.approx([10, 7, 4, 1])
    assert plan.later(replace(fault, lasts=7.5)) is None
    assert plan.later(replace(fault, at=calm.ends + 1)) is not None
