"""The words of this app's reasons, by noun."""

from competition.reasons import applying, deciding, documents, files, race, recommending, registering, setup, votes, webhooks

__all__ = ["applying", "deciding", "documents", "files", "race", "recommending", "registering", "setup", "votes", "webhooks"]
