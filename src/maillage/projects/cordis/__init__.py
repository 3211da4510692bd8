"""Projects of CORDIS, the European Commission's register of the research it funds.

- reading: the files of a folder as streams of typed rows, or of reasons why a row is none
- writing: rows handed to the database by COPY, then each table written in one go
- ties: parties recognised as organisations of the register
- loading: the whole load and its report
"""

from maillage.projects.cordis.loading import Report, load_cordis

__all__ = ["Report", "load_cordis"]
