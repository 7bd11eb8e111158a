"""What a page, and the process behind it, remember."""
