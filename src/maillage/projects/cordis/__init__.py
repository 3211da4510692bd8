"""Projects of CORDIS, the European Commission's register of the research it funds."""
