"""Process 1: keeps the store complete, whatever the site does."""
