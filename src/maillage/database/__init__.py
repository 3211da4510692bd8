"""The database: the embedded PostgreSQL of the wheel in a data folder, or a PostgreSQL of one's own by DATABASE_URL."""
