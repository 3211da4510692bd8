"""Notices to persons, on the site and by mail, each with the reason why the person gets it."""
