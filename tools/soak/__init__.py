"""`make soak`: the whole product on the replay site, faults from all sides, and at the end the truth.

    kinds -> schedule ----------------------v
    off_clock, house -> world -> faults -> course -> reading -> truth, watch, recovery -> report

The left column, `truth`, `lives` and `report` do nothing to a run: what they say of it is tested without one.
"""
