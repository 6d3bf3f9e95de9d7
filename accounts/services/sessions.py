"""Ending a person's sessions wherever they are."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from ledger.services import record


@transaction.atomic
def end_sessions(user: User, *, actor: str, at: datetime) -> None:
    """Every session that began before `at` is over with its next request. `actor` as the ledger writes it."""
    user.sessions_ended_at = at
    user.save(update_fields=["sessions_ended_at"])
    record(actor=actor, action="login.end_all", subject=f"user:{user.pk}", at=at)
