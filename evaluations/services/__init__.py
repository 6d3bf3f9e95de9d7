"""Verbs: keyword-only after the subject, atomic, the only writers."""
