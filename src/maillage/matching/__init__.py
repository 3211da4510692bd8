"""Matching of needs with offers, teams, partners and reviewers. Does not depend on Django."""
