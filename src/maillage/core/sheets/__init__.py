"""Spreadsheets of the lists of facts: read, checked row by row, written."""
