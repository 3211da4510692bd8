"""Pages of charters: read and published; the follow-up of each holder, with findings, objectives and reviews."""
