"""Webhooks: a program is told of what was done to records its person reads, by signed messages that are retried."""
