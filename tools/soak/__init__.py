"""`make soak`: the whole product on the replay site, faults from all sides, and at the end the invariants.

    kinds -> schedule ----------------------v
    off_clock, stack -> environment -> faults -> run -> reading -> invariants, sampler, recovery -> report

The left column, `invariants`, `leak_check` and `report` do nothing to a run: what they say of it is tested
without one.
"""
