"""Changing a competition that is not published yet: one at a time, and never over what another tab has saved."""

from accounts import permissions
from competition.models import Competition
from ledger.domain.reason import Reason, Refused
from ledger.services import record


def lock_draft(competition, *, actor, version: int | None = None) -> Competition:
    """The row under its lock. Refused without the right, once the call is published, and where `version` is not the one
    that the editor began from (None: the caller guards by a version of its own)."""
    row = lock(competition, actor=actor)
    if row.state != "draft":
        raise Refused(Reason("competition.rules_frozen"))
    if version is not None:
        refuse_stale(version, row.edit_version)
    return row


def lock(competition, *, actor) -> Competition:
    row = Competition.objects.select_for_update().get(pk=competition.pk)
    if actor is not None:
        permissions.require(actor, "competition.edit", row)
    return row


def refuse_stale(version: int, current: int) -> None:
    if version != current:
        raise Refused(Reason("competition.changed_meanwhile"), field="version")


def touch(competition: Competition) -> int:
    """The next edit version, written."""
    competition.edit_version += 1
    competition.save(update_fields=["edit_version"])
    return competition.edit_version


def write_down(action: str, subject, competition, *, actor, at, before=None, after=None, private=None) -> None:
    record(
        actor="system" if actor is None else f"user:{actor.pk}",
        action=action,
        subject=f"{subject._meta.model_name}:{subject.pk}",
        scope=f"competition:{competition.pk}",
        before=before,
        after=after,
        private=private or None,
        at=at,
    )
