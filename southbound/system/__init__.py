"""The machine: processes, users, folders, and who else may read a file."""
