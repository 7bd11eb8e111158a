"""Corporate actions as the page shows them: found, weighed, and taken out of the figures."""
