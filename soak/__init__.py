"""`make soak`: the whole product on the replay site, faults from all sides, and at the end the truth.

    kinds -> schedule ----------------------v
    off_clock, house -> world -> faults -> course -> reading -> truth, watch, recovery -> report

The left column is pure, as are `truth`, `lives` and `report`: what they say of a run is tested without one.
"""
