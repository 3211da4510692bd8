"""Files of records: uploads, storage once per content, and permission checks on reading."""
