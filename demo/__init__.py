"""Recorded days, played as if they were new: `make demo`."""

from importlib.util import find_spec

if find_spec("aiosmtpd") is None:
    raise SystemExit("the demo's inbox needs aiosmtpd, which is not installed: pip install '.[demo]'")
