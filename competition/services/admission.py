"""Those who advanced enter the next round: with the revision they have, or through its own intake."""

from collections.abc import Iterable
from datetime import datetime

from competition.models import Entry, Revision
from competition.services.parties import carry_parties
from competition.workflow import perform
from ledger.services import Deed, record_many


def next_round(round):
    return round.competition.rounds.filter(order__gt=round.order).order_by("order").first()


def admit(entries: Iterable[Entry], *, after, at: datetime) -> list[Entry]:
    """Entries of the round that follows `after`, one per advanced entry; runs in the caller's transaction. With an intake
    of its own the application goes back to a draft that begins as the revision that was judged."""
    entries = list(entries)
    following = next_round(after)
    if following is None or not entries:
        return []
    fresh = following.intake == "fresh"
    made = Entry.objects.bulk_create(
        [
            Entry(round=following, application=entry.application, track=entry.track, revision_id=None if fresh else entry.revision_id)
            for entry in entries
        ],
        batch_size=500,
    )
    record_many(
        [
            Deed(
                actor="system",
                action="entry.admit",
                subject=f"entry:{entry.pk}",
                scope=f"competition:{after.competition_id}",
                after={"round": following.pk, "application": entry.application_id, "revision": entry.revision_id},
            )
            for entry in made
        ],
        at=at,
    )
    if fresh:
        revisions = Revision.objects.in_bulk([entry.revision_id for entry in entries if entry.revision_id])
        for entry in entries:
            application = entry.application
            perform(
                application,
                "continue",
                actor=None,
                at=at,
                changes={
                    "round": following,
                    "draft": revisions[entry.revision_id].data if entry.revision_id else application.draft,
                    "draft_version": application.draft_version + 1,
                },
            )
            if following.competition.joint_entries:
                carry_parties(revisions.get(entry.revision_id), application)
    if following.state == "planned":
        perform(following, "open", actor=None, at=at)
    return made
