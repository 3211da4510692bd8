"""Rank the public laboratories of a country for a need: by the register, their projects, and who asks."""
