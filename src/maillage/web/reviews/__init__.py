"""Pages of reviews: those of a reviewer, and those of whoever runs a call."""
