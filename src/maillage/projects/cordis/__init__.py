"""Projects of CORDIS, the European Commission's register of the research it funds.

- csv_reader: the files of a folder as streams of typed rows or refusals
- table_writer: temporary tables filled by COPY, and the SQL that writes each table
- party_matching: parties matched with organisations of the register
- folder_load: the load of a folder and its report
"""
