"""The import of the Research Organization Registry (ror.org): streamed, batch by batch, resumable.

- reading: a file as a stream of (line, record), whatever its wrapping
- records: one record of ROR, either schema, as the register's own values
- staging: batches handed to the database by COPY
- organisations, relations: what a batch writes, set by set
- adoption: records that are an organisation already here; lookalikes for a person to decide
- run: the whole import and its report
"""

from maillage.register.ror.run import RorReport, import_ror

__all__ = ["RorReport", "import_ror"]
