"""Declared conflicts of interest. They bind in every competition until they are ended; derived ones are not stored."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require, roles
from competition.models import Conflict
from ledger.domain.reason import Reason, Refused
from ledger.services import record

KINDS = ("adviser", "shareholding", "family", "member", "employment", "other")


def note_conflict(user, *, cluster, kind: str, note: str, competition, actor, at: datetime) -> tuple[Conflict, bool]:
    """In the caller's transaction and by the caller's right; the second value tells whether it is new."""
    conflict, made = Conflict.objects.get_or_create(
        user=user, cluster=cluster, kind=kind, ended_at=None, defaults={"note": note, "declared_by": actor, "declared_at": at}
    )
    if made:
        _write_down("conflict.declare", conflict, competition, actor=actor, at=at, private={"note": note} if note else None)
    return conflict, made


@transaction.atomic
def declare_conflict(user, *, cluster, kind: str, note: str, competition, actor, at: datetime) -> Conflict:
    """By the organiser, of anybody who has a part in the competition: staff are bound as well."""
    require(actor, "conflict.declare", competition)
    if kind not in KINDS:
        raise Refused(Reason("evaluations.conflict_kind_unknown"), field="kind")
    if not roles(user, f"competition:{competition.pk}"):
        raise Refused(Reason("evaluations.conflict_person"), field="user")
    conflict, made = note_conflict(user, cluster=cluster, kind=kind, note=note.strip(), competition=competition, actor=actor, at=at)
    if not made:
        raise Refused(Reason("evaluations.conflict_declared"), field="kind")
    return conflict


@transaction.atomic
def end_conflict(conflict: Conflict, *, reason: str, competition, actor, at: datetime) -> Conflict:
    """It no longer binds; that it did stays on record."""
    require(actor, "conflict.declare", competition)
    if not reason.strip():
        raise Refused(Reason("competition.reason_missing"), field="reason")
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.ended_at is None:
        conflict.ended_at = at
        conflict.save(update_fields=["ended_at"])
        _write_down("conflict.end", conflict, competition, actor=actor, at=at, private={"reason": reason.strip()})
    return conflict


def _write_down(action, conflict, competition, *, actor, at, private=None):
    record(
        actor=f"user:{actor.pk}",
        action=action,
        subject=f"conflict:{conflict.pk}",
        scope=f"competition:{competition.pk}",
        after={"user": conflict.user_id, "cluster": conflict.cluster_id, "kind": conflict.kind},
        private=private,
        at=at,
    )
