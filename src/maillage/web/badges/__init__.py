"""Badges of awards: their page, the signed files, the keys, and the page that verifies one."""
