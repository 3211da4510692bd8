"""Processes as data: versioned definitions of states and transitions, and the cases that run on them."""
