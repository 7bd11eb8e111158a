"""Days as files that people exchange: ours, and those that others keep."""
