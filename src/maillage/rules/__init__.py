"""Rules of the field as named, dated, sourced steps; pure: nothing of Django, nothing of the database."""
