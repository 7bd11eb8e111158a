"""How long to wait before something that failed is tried again."""

DOUBLINGS = 20
"""More would change nothing: by then every pause has its upper bound, and powers of two grow without one."""


def growing(first: float, failures: int, longest: float) -> float:
    """`first` seconds if there were no `failures` before this one, twice as long for each that there was."""
    return float(min(first * 2 ** min(failures, DOUBLINGS), longest))
