"""The commands of `southbound`, which the three scripts are too: parse, build the parts, run."""
