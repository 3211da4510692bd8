"""Notices: what a person should know of, on the site and by mail, each with the reason why they get it."""
