"""The import of the Research Organization Registry (ror.org): streamed, batch by batch, resumable.

- file_reader: a file as a stream of (line, record), plain or compressed
- records: parser of a record, of either schema
- staging_tables: temporary tables filled by COPY
- organisations, relations: the SQL that writes a batch
- adoption: records of organisations already in the register; lookalikes for a person to decide
- batches: records and relations in batches
- importer: the whole import and its report
"""
