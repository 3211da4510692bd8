"""Pages of charters, and of the follow-up of each holder: evidence, findings, objectives and reviews."""
