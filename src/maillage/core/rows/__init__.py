"""Rows of facts: each list of the register is described once, and written, exported and shown from that description."""
