"""The import of the Research Organization Registry (ror.org): streamed, batch by batch, resumable.

- file_reader: a file as a stream of (line, record), whatever its wrapping
- records: one record of ROR, either schema, as the register's own values
- staging_tables: batches handed to the database by COPY
- organisations, relations: what a batch writes, set by set
- adoption: records that are an organisation already here; lookalikes for a person to decide
- importer: the whole import and its report
"""
