"""Rules of law as pure functions with their sources; without Django and without the database."""
