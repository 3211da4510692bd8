"""Documents: rules as versioned data, written in YAML and checked, with a line and remedy for every fault."""
