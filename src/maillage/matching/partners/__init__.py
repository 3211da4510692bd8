"""Rank partners for a need by their past projects, from the data of a public funder."""
