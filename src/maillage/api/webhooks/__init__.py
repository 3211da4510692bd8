"""Webhooks: signed messages, sent again on failure, about actions on records that a person may read."""
