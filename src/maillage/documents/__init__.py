"""Documents: rules of the house as data, written in YAML, read with every fault named by its line, kept by version."""
