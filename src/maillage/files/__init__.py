"""Files that belong to records: taken in whole or not at all, kept once per content, given out with care."""
