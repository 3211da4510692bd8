"""Answering a need from offers: texts, a bilingual vocabulary, retrieval and reasons. Knows nothing of Django."""
