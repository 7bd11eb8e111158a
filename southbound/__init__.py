"""Mainland ("southbound") ownership of Hong Kong stocks: what moved, in the browser and in the inbox."""
