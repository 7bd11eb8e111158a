"""All processes as one: `make run`."""
