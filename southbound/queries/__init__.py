"""What page and mail ask of the figures."""
