"""Rows as programs list them: what the viewer may see, each in one query with its joins."""

from django.db.models import F, Q, QuerySet
from django.http import Http404

from accounts.permissions import can, require, visible
from competition.models import Application, Award, Cluster, Competition, Entry, Registration, Round, Standing
from competition.permissions.holding import organisations, staffed
from competition.selectors.applications import application
from competition.selectors.grades import Grading
from competition.selectors.rules import advancement_of


def rounds(viewer) -> QuerySet[Round]:
    """Of published competitions that the viewer has a part in; staff see those of drafts too."""
    mine = visible(viewer, "competition.view", Competition).values("pk")
    rows = Round.objects.filter(competition__in=mine)
    inner = staffed(viewer, rows, "competition_id").values("pk")
    return rows.filter(~Q(competition__state="draft") | Q(pk__in=inner)).order_by("-competition_id", "order")


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


def awards(viewer) -> QuerySet[Award]:
    """Staff see those of their competitions, applicants their own once they are given."""
    staff = visible(viewer, "award.view", Award).values("pk")
    own = Q(entry__application__organisation__in=organisations(viewer), entry__round__state="released")
    return Award.objects.filter(Q(pk__in=staff) | own).order_by("pk")


def grading_of(round, standings) -> Grading:
    """By the rule that counts."""
    rule = advancement_of(round)
    return Grading(rule.rule if rule else None, standings.method)


def standing_rows(standings) -> QuerySet[Standing]:
    """The official order: best first, those without a rank last. Whoever may read them is decided before."""
    return standings.rows.order_by(F("rank").asc(nulls_last=True), "entry_id")
