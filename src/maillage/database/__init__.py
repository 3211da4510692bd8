"""The database: the embedded PostgreSQL of the wheel in a data folder, or an external PostgreSQL by DATABASE_URL."""
