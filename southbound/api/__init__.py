"""The figures for programs, over HTTP: the same as page and mail have, from the same functions."""
