"""Public pages written as a static site: plain files with relative links, in both languages."""
