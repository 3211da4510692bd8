"""Pages of laboratories: those that work on something, for a need, and what they did."""
