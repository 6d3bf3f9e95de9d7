"""Nominating: a province's chosen entry becomes a national application, its accepted revision carried over as it was."""

from datetime import datetime

from django.db import transaction

from accounts.models import Membership
from accounts.permissions import require
from accounts.selectors import side_taken
from competition.domain.calendar import Window
from competition.models import Application, Attachment, Competition, Entry, Feeder, Nomination, Quota, Recommendation
from competition.permissions.nomination import Candidate
from competition.selectors.nominations import chosen, sources
from competition.selectors.quotas import over, quota_of
from competition.services.drafting import lock, refuse_stale, touch, write_down
from competition.services.parties import carry_parties
from competition.services.recommendations import take_place
from competition.services.telling import tell_nominated
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def set_feeders(competition: Competition, *, wanted, version: int, actor, at: datetime) -> None:
    """`wanted`: the provincial competitions that feed this national edition. One that something was nominated from stays."""
    row = lock(competition, actor=actor)
    refuse_stale(version, row.edit_version)
    if row.level != "nation" or row.state not in ("draft", "published"):
        raise Refused(Reason("competition.feeders_of_nation_only"))
    before = sorted(row.feeders.values_list("source_id", flat=True))
    after = sorted({source.pk for source in wanted})
    if set(after) - set(sources(row).values_list("pk", flat=True)):
        raise Refused(Reason("competition.feeder_unknown"), field="sources")
    removed = row.feeders.exclude(source__in=after)
    if Nomination.objects.filter(application__competition=row, entry__round__competition__in=removed.values("source")).exists():
        raise Refused(Reason("competition.feeder_used"), field="sources")
    removed.delete()
    Feeder.objects.bulk_create([Feeder(competition=row, source_id=pk) for pk in after if pk not in before])
    touch(row)
    write_down("competition.set_feeders", row, row, actor=actor, at=at, before={"sources": before}, after={"sources": after})


@transaction.atomic
def nominate(entry: Entry, *, competition: Competition, track, opinion: str, actor, at: datetime) -> Nomination:
    """A draft of the same cluster and organisation in the first round of `competition`, with the accepted revision's answers and files;
    its applicant submits it as it is or edits it first. Takes one of the region's places at once."""
    entry = chosen().filter(pk=entry.pk).first() or entry
    source, cluster = entry.application, entry.application.cluster
    quota = quota_of(competition, cluster)
    if quota is None:
        raise Refused(Reason("competition.region_without_quota"))
    require(actor, "nomination.make", Candidate(entry, quota))
    # Locked before anything is read that another nomination could change.
    Quota.objects.select_for_update(no_key=True).get(pk=quota.pk)
    first = competition.rounds.order_by("order").first()
    if reasons := against(entry, competition, first, at):
        raise Refused(*reasons)
    if not opinion.strip():
        raise Refused(Reason("competition.opinion_missing"), field="opinion")
    tracks = list(competition.tracks.all())
    if tracks and track not in tracks:
        raise Refused(Reason("competition.track_missing"), field="track")
    revision = entry.revision
    application = Application.objects.create(
        competition=competition,
        round=first,
        cluster=cluster,
        organisation=source.organisation,
        track=track if tracks else None,
        draft=revision.data,
        draft_version=1,
        draft_saved_at=at,
        created_by=source.created_by,
        created_at=at,
    )
    _carry(revision, application)
    carry_parties(revision, application)
    nomination = Nomination.objects.create(
        application=application, entry=entry, revision=revision, digest=revision.digest, nominated_by=actor, nominated_at=at
    )
    recommendation = Recommendation.objects.create(application=application, quota=quota)
    take_place(recommendation, opinion=opinion.strip(), speaker=actor, actor=None, at=at)
    _write_down(nomination, competition, entry, quota, actor=actor, at=at)
    tell_nominated(nomination, at=at)
    return Nomination.objects.select_related("application__recommendation", "revision").get(pk=nomination.pk)


def against(entry, competition, first, at) -> list[Reason]:
    """Everything that stands against it besides the places."""
    reasons = list(over(competition, at))
    if not chosen().filter(pk=entry.pk).exists():
        reasons.append(Reason("competition.nomination_not_chosen"))
    if not competition.feeders.filter(source=entry.round.competition_id).exists():
        reasons.append(Reason("competition.nomination_no_feeder"))
    if competition.state != "published" or first is None or first.state != "open":
        reasons.append(Reason("competition.intake_not_open"))
    elif first.intake_closes and at >= first.intake_closes:
        reasons += Window(first.intake_opens, first.intake_closes).against(at)
    application = entry.application
    if application.cluster.organisation_id != application.organisation_id:
        reasons.append(Reason("competition.cluster_of_another"))
    if Application.objects.filter(competition=competition, cluster=application.cluster_id).exists():
        reasons.append(Reason("competition.application_exists"))
    members = Membership.objects.live().filter(role="applicant", scope=f"organisation:{application.organisation_id}")
    if any(side_taken(held.user_id, "applicant", f"competition:{competition.pk}") for held in members):
        reasons.append(Reason("competition.colleague_on_another_side"))
    return reasons


def _carry(revision, application) -> None:
    """The same stored files under the new application; a file is never written over, so both mean the same bytes."""
    names = ["slot", "name", "content_type", "size", "sha256", "file", "uploaded_by_id", "uploaded_at"]
    names += ["scan", "finding", "scan_fault", "scanned_at"]
    rows = revision.attachments.select_for_update(of=("self",)).order_by("pk")  # against what the scanner finds meanwhile
    Attachment.objects.bulk_create([Attachment(application=application, **{name: getattr(row, name) for name in names}) for row in rows])


def _write_down(nomination, competition, entry, quota, *, actor, at) -> None:
    """In both ledgers: the nation's, and the province's."""
    carried = {"revision": nomination.revision.number, "digest": nomination.digest}
    shared = {"actor": f"user:{actor.pk}", "action": "nomination.make", "at": at}
    record(
        subject=f"application:{nomination.application_id}",
        scope=f"competition:{competition.pk}",
        after={"entry": entry.pk, "competition": entry.round.competition_id, "region": quota.region_id, **carried},
        **shared,
    )
    record(
        subject=f"entry:{entry.pk}",
        scope=f"competition:{entry.round.competition_id}",
        after={"competition": competition.pk, "application": nomination.application_id, **carried},
        **shared,
    )
