"""Measures of what Maillage promises, each against a peer in the same run."""
