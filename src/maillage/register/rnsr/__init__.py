"""The import of the national register of public research structures (RNSR): streamed, batch by batch, resumable.

- file_reader: an export as a stream of (line, row), in the form of the ministry or in the compact one
- records: parser of a row
- dated_names: which names begin and end with an export
- bodies: the supervising bodies of an export, found in the register or created
- likeness: organisations of the register that may be a structure or body of the export
- batches: structures and their ties in batches
- structures, ties: what writes a batch
- ends: what an export ends, once it is read whole
- importer: the whole import and its report
- links, link_import: links between RNSR and ROR, read as proposals

An export is the state of the register on its day. What it states is kept with the days on which it was first and last
stated, so that exports may be read in any order: one read after a later one adds what was true earlier, and undoes
nothing.
"""
