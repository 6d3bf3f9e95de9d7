"""Publicity, objections and awards as staff read them; the period that a release would begin."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.http import Http404

from accounts.permissions import require
from competition.domain.calendar import beijing_date, publicity_period
from competition.models import Award, Notice, Objection
from competition.selectors.competitions import competition as find_competition
from competition.selectors.rules import workday_exceptions


def period_after(competition, at: datetime) -> tuple[date, date]:
    """First and last day of publicity for a release at `at`: the day of release does not count. `Refused` for a year whose
    working days are not known."""
    day = beijing_date(at) + timedelta(days=1)
    return publicity_period(day, competition.publicity_days, competition.publicity_unit, workday_exceptions())


def notice_of(viewer, competition_pk, pk) -> Notice:
    found = Notice.objects.filter(pk=pk, proposal__round__competition=competition_pk).select_related("proposal__round__competition").first()
    if found is None:
        raise Http404
    find_competition(viewer, competition_pk)
    require(viewer, "objection.view", found)
    return found


def objection_of(viewer, competition_pk, pk, *, action="objection.view") -> Objection:
    found = (
        Objection.objects.filter(pk=pk, notice__proposal__round__competition=competition_pk)
        .select_related("notice__proposal__round__competition", "entry__round__competition", "entry__application__cluster")
        .first()
    )
    if found is None:
        raise Http404
    find_competition(viewer, competition_pk)
    require(viewer, action, found)
    return found


def objections(notice):
    """Newest first; one query whatever their number."""
    return notice.objections.select_related("entry__application__cluster", "recorded_by", "decided_by").order_by("-received_at", "-pk")


def listed_entries(notice):
    """Every entry of the round under publicity, by name of its cluster."""
    return (
        notice.proposal.round.entries.select_related("application__cluster", "track")
        .annotate(open_objections=Count("objections", filter=Q(objections__state="open")))
        .order_by("application__cluster__name_zh", "pk")
    )


def awards(round):
    return (
        Award.objects.filter(entry__round=round)
        .select_related("entry__application__cluster", "entry__round__competition", "entry__track", "entry__condition")
        .order_by("entry__application__cluster__lead_region_id", "entry__application__cluster__name_zh", "title")
    )


def award_of(viewer, competition_pk, pk, *, action="award.view") -> Award:
    found = (
        Award.objects.filter(pk=pk, entry__round__competition=competition_pk)
        .select_related("entry__round__competition", "entry__application__cluster")
        .first()
    )
    if found is None:
        raise Http404
    find_competition(viewer, competition_pk)
    require(viewer, action, found)
    return found
