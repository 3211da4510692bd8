"""Projects of CORDIS, the European Commission's register of the research it funds.

- csv_reader: the files of a folder as streams of typed rows, or of reasons why a row is none
- table_writer: rows handed to the database by COPY, then each table written in one go
- party_matching: parties recognised as organisations of the register
- folder_load: the whole load and its report
"""
