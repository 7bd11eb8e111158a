"""The configuration: what there is to set, how it is read, and what is accepted."""
