"""Pages of labels, awards and badges."""
