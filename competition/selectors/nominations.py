"""From province to nation: what may be nominated, and what each level may know of the other: no score, no rank, no outcome but the
released one."""

from collections import defaultdict

from django.db.models import Exists, F, OuterRef
from django.http import Http404

from accounts.permissions import can
from competition.models import Application, Award, Competition, Entry, Feeder, Nomination, Quota, Round
from competition.permissions.nomination import Candidate
from competition.permissions.secrecy import against_outcomes
from competition.selectors.parties import submitted_partners, typed
from competition.selectors.quotas import quota_of


def chosen():
    """Entries that ended inside the line of their competition's last round, running, their title not revoked; each was released."""
    later = Round.objects.filter(competition=OuterRef("round__competition"), order__gt=OuterRef("round__order"))
    awards = Award.objects.filter(entry=OuterRef("pk"))
    return (
        Entry.objects.filter(round__state="released", outcome="advance", state="running", revision__isnull=False)
        .exclude(Exists(later))
        .exclude(condition__state="missed")
        .exclude(Exists(awards.filter(state="revoked")) & ~Exists(awards.exclude(state="revoked")))
        .select_related("round__competition__region", "application__cluster__lead_region__parent", "application__organisation", "revision")
    )


def nominable(quotas) -> dict[int, list[Entry]]:
    """Quota id → what is chosen in a province that feeds its edition, is charged to it and not applied for yet; as many queries
    for one quota as for many."""
    found = {row.pk: [] for row in quotas}
    editions = {row.competition_id for row in quotas}
    feeds, listed = defaultdict(list), defaultdict(dict)
    for source, edition in Feeder.objects.filter(competition__in=editions).values_list("source_id", "competition_id"):
        feeds[source].append(edition)
    if not feeds:
        return found
    for pk, edition, region in Quota.objects.filter(competition__in=editions).values_list("pk", "competition_id", "region_id"):
        listed[edition][region] = pk
    rows = chosen().filter(round__competition__in=list(feeds), application__cluster__organisation=F("application__organisation"))
    applied = set(
        Application.objects.filter(competition__in=editions, cluster__in=rows.values("application__cluster")).values_list(
            "competition_id", "cluster_id"
        )
    )
    for row in rows.order_by("round__competition", "pk"):
        for edition in feeds[row.round.competition_id]:
            charged = listed[edition].get(_charged(row.application.cluster.lead_region, listed[edition]))
            if charged in found and (edition, row.application.cluster_id) not in applied:
                found[charged].append(row)
    return found


def candidates(quota) -> list[Entry]:
    """For the page of one quota."""
    return nominable([quota])[quota.pk][:200]


def _charged(region, listed) -> str | None:
    while region is not None and region.pk not in listed:
        region = region.parent
    return region and region.pk


def targets(viewer, entry) -> list[Candidate]:
    """National editions that take in now, which the entry's competition feeds and into which the viewer may nominate it."""
    editions = Competition.objects.filter(feeders__source=entry.round.competition, state="published", recommendation=True)
    found = []
    for competition in editions.order_by("pk"):
        quota = quota_of(competition, entry.application.cluster)
        if quota is not None:
            quota.competition = competition
            candidate = Candidate(entry, quota)
            if can(viewer, "nomination.make", candidate).allowed:
                found.append(candidate)
    return found


def open_targets(viewer, entry) -> list[Candidate]:
    """For the button beside an entry: none while it is not released, or once its cluster has applied there."""
    if entry.round.state != "released":
        return []
    found = chosen().filter(pk=entry.pk).first()
    if found is None:
        return []
    applied = set(Application.objects.filter(cluster=found.application.cluster_id).values_list("competition_id", flat=True))
    return [row for row in targets(viewer, found) if row.quota.competition_id not in applied]


def candidate_entry(viewer, competition_pk, pk) -> Entry:
    """A chosen entry that the viewer may nominate somewhere; Http404 else, also while its outcome is not out."""
    found = chosen().filter(pk=pk, round__competition=competition_pk).first()
    if found is None or against_outcomes(found.round) or not targets(viewer, found):
        raise Http404
    return found


def _rows():
    return Nomination.objects.select_related("entry__round__competition", "revision", "nominated_by", "application__competition")


def of_application(application) -> Nomination | None:
    """Where a national application came from, for whoever may read it, with `unchanged`: the newest revision says what was carried."""
    found = _rows().filter(application=application).first()
    if found is not None:
        newest = application.revisions.order_by("-number").first()
        carried = _content(found.revision, found.entry.round.competition)
        found.unchanged = newest is not None and _content(newest, application.competition) == carried
        found.submitted = newest is not None
    return found


def _content(revision, competition) -> tuple:
    return revision.data, _files(revision), [typed(row) for row in submitted_partners(revision, competition)]


def _files(revision) -> list[tuple[str, str]]:
    return sorted(revision.attachments.values_list("slot", "sha256"))


def nominations_of(application) -> list[Nomination]:
    """What became of a province's cluster in the nation: the state of its application, and no more."""
    return list(_rows().filter(entry__application=application).order_by("pk"))


def sources(competition):
    """Provincial competitions that may feed an edition, with `chosen_count` once their last round is out."""
    return Competition.objects.filter(level="province").exclude(state="draft").select_related("region").order_by("region_id", "-year", "pk")
