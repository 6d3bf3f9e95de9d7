"""Rows as programs list them: what the viewer may see, each in one query with its joins."""

from django.db.models import F, Q, QuerySet
from django.http import Http404

from accounts.permissions import can, require, visible
from competition.models import (
    Application,
    Award,
    Cluster,
    Competition,
    Condition,
    Entry,
    Nomination,
    Notice,
    Objection,
    Proposal,
    ProposalRow,
    Quota,
    Recommendation,
    Registration,
    Round,
    Standing,
)
from competition.permissions.holding import organisations, staffed
from competition.selectors import nominations as of_nominations
from competition.selectors import publicity
from competition.selectors import quotas as accounts
from competition.selectors import recommendations as of_recommendations
from competition.selectors.applications import application
from competition.selectors.competitions import competition
from competition.selectors.conditions import condition_of
from competition.selectors.grades import Grading
from competition.selectors.rules import advancement_of


def rounds(viewer) -> QuerySet[Round]:
    """Of published competitions that the viewer has a part in; staff see those of drafts too."""
    mine = visible(viewer, "competition.view", Competition).values("pk")
    rows = Round.objects.filter(competition__in=mine)
    inner = staffed(viewer, rows, "competition_id").values("pk")
    return rows.filter(~Q(competition__state="draft") | Q(pk__in=inner)).order_by("-competition_id", "order")


def feeders(viewer, pk) -> QuerySet[Competition]:
    """What feeds a national edition, for whoever has a part in it and for regions with places in it; their calls are out."""
    if not visible(viewer, "quota.list", Quota).filter(competition=pk).exists():
        competition(viewer, pk)
    return Competition.objects.filter(feeds__competition=pk).exclude(state="draft").order_by("region_id", "-year", "pk")


def clusters(viewer) -> QuerySet[Cluster]:
    """All for those who keep the list; else those of the viewer's organisations."""
    rows = Cluster.objects.select_related("sector").order_by("pk")
    return rows if can(viewer, "cluster.keep") else rows.filter(organisation__in=organisations(viewer))


def clusters_to_apply_for(viewer) -> QuerySet[Cluster]:
    return Cluster.objects.filter(organisation__in=organisations(viewer)).select_related("organisation")


def applications(viewer) -> QuerySet[Application]:
    return visible(viewer, "application.view", Application).select_related("track").order_by("-pk")


def entries(viewer) -> QuerySet[Entry]:
    """Of applications that the viewer may read."""
    seen = visible(viewer, "application.view", Application).values("pk")
    return Entry.objects.filter(application__in=seen).select_related("application", "track").order_by("pk")


def entry_for_staff(viewer, pk, *, action) -> Entry:
    """Http404 for whoever may not read its application, NotAllowed without `action`."""
    found = Entry.objects.filter(pk=pk).select_related("round__competition", "track").first()
    if found is None:
        raise Http404
    found.application = application(viewer, found.application_id)
    require(viewer, action, found)
    return found


def registrations(viewer) -> QuerySet[Registration]:
    """The viewer's own; for whoever answers them those of their regions, or all. The longest waiting first."""
    rows = visible(viewer, "registration.view", Registration)
    return rows.select_related("organisation", "cluster").order_by("sent_at", "pk")


def quotas(viewer) -> QuerySet[Quota]:
    """With `used`, `waiting` and `declined`: of the viewer's regions, and for staff of their competitions."""
    return accounts.counted(visible(viewer, "quota.view", Quota)).select_related("competition").order_by("pk")


def _competition_of(rows, pk, path) -> int:
    """The competition in whose pages a row stands; Http404 where there is none."""
    found = rows.filter(pk=pk).values_list(path, flat=True).first()
    if found is None:
        raise Http404
    return found


def quota(viewer, pk, *, action="quota.view") -> Quota:
    return accounts.quota(viewer, _competition_of(Quota.objects, pk, "competition"), pk, action=action)


def order_of(quota) -> list[int]:
    """Ids of what the region recommends, the most wanted first."""
    return list(quota.recommendations.filter(state="recommended").order_by("preference").values_list("pk", flat=True))


def recommendations(viewer) -> QuerySet[Recommendation]:
    return visible(viewer, "recommendation.view", Recommendation).select_related("quota", "revision").order_by("pk")


def recommendation(viewer, pk, *, action) -> Recommendation:
    competition = _competition_of(Recommendation.objects, pk, "quota__competition")
    return of_recommendations.recommendation(viewer, competition, pk, action=action)


def nominations(viewer) -> QuerySet[Nomination]:
    """For the region and the staff of the edition, and for staff of the province: whose draft it became and that draft's state."""
    charged = visible(viewer, "quota.view", Quota).values("pk")
    rows = Nomination.objects.all()
    of_province = staffed(viewer, rows, "entry__round__competition_id").values("pk")
    seen = rows.filter(Q(application__recommendation__quota__in=charged) | Q(pk__in=of_province))
    return seen.select_related("application", "revision").order_by("pk")


def candidate(viewer, pk) -> Entry:
    """A chosen entry that the viewer may nominate, with `editions`: into which; Http404 else."""
    competition = _competition_of(Entry.objects, pk, "round__competition")
    found = of_nominations.candidate_entry(viewer, competition, pk)
    found.editions = [row.quota.competition for row in of_nominations.targets(viewer, found)]
    return found


def awards(viewer) -> QuerySet[Award]:
    """Staff see those of their competitions, applicants their own once they are given."""
    staff = visible(viewer, "award.view", Award).values("pk")
    own = Q(entry__application__organisation__in=organisations(viewer), entry__round__state="released")
    return Award.objects.filter(Q(pk__in=staff) | own).select_related("entry__condition").order_by("pk")


def grading_of(round, standings) -> Grading:
    """By the rule that counts."""
    rule = advancement_of(round)
    return Grading(rule.rule if rule else None, standings.method)


def standing_rows(standings) -> QuerySet[Standing]:
    """The official order: best first, those without a rank last. Whoever may read them is decided before."""
    return standings.rows.select_related("entry").order_by(F("rank").asc(nulls_last=True), "entry_id")


def proposals(viewer) -> QuerySet[Proposal]:
    """Newest first."""
    return visible(viewer, "proposal.view", Proposal).order_by("-created_at", "-pk")


def proposal_rows(proposal) -> QuerySet[ProposalRow]:
    """Best first, those without a rank last. Whoever may read them is decided before."""
    return proposal.rows.order_by(F("rank").asc(nulls_last=True), "entry_id")


def proposal_row(proposal, pk) -> ProposalRow:
    found = proposal.rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.proposal = proposal
    return found


def notices(viewer) -> QuerySet[Notice]:
    rows = Notice.objects.select_related("proposal__round")
    return staffed(viewer, rows, "proposal__round__competition_id").order_by("-starts_on", "-pk")


def notice(viewer, pk, *, action) -> Notice:
    found = publicity.notice_of(viewer, _competition_of(Notice.objects, pk, "proposal__round__competition"), pk)
    require(viewer, action, found)
    return found


def listed_entry(notice, pk) -> Entry | None:
    return publicity.listed_entries(notice).filter(pk=pk).first()


def objections(viewer) -> QuerySet[Objection]:
    return visible(viewer, "objection.view", Objection).order_by("-received_at", "-pk")


def objection(viewer, pk, *, action="objection.view") -> Objection:
    return publicity.objection_of(viewer, _competition_of(Objection.objects, pk, "entry__round__competition"), pk, action=action)


def award(viewer, pk, *, action) -> Award:
    return publicity.award_of(viewer, _competition_of(Award.objects, pk, "entry__round__competition"), pk, action=action)


def conditions(viewer) -> QuerySet[Condition]:
    """For staff, the nearest day first."""
    return staffed(viewer, Condition.objects.all(), "entry__round__competition_id").order_by("due_on", "pk")


def condition(viewer, pk, *, action) -> Condition:
    return condition_of(viewer, _competition_of(Condition.objects, pk, "entry__round__competition"), pk, action=action)
