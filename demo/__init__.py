"""Recorded days, played as if they were new: `make demo`."""
