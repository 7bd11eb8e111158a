"""All of Redis: nothing outside this package speaks to it."""
