"""The accounts of the regions in a competition: which one an application is charged to, how many places are used and left."""

from django.db.models import Count, Q
from django.http import Http404

from accounts.permissions import can, require, visible
from competition.domain.calendar import in_beijing
from competition.domain.quotas import Account, charged_to
from competition.models import Quota, Recommendation, Region
from competition.selectors.readmissions import came_back
from competition.workflow import provide
from ledger.domain.reason import Reason


def chain_of(region: Region) -> list[str]:
    """The region and those above it, the nearest first."""
    found = [region.pk]
    while region.parent_id is not None and region.parent_id not in found:
        region = region.parent
        found.append(region.pk)
    return found


def quota_of(competition, cluster) -> Quota | None:
    """Whose places an application of this cluster takes."""
    rows = {row.region_id: row for row in competition.quotas.select_related("region")}
    code = charged_to(chain_of(cluster.lead_region), rows)
    return rows[code] if code else None


def without_quota(competition, cluster) -> tuple[Reason, ...]:
    """Why nobody could recommend it."""
    if not competition.recommendation or quota_of(competition, cluster) is not None:
        return ()
    return (Reason("competition.region_without_quota"),)


def account_of(quota: Quota) -> Account:
    return Account(quota.places, quota.recommendations.filter(state="recommended").count())


def counted(rows):
    """Quotas with `used`, `waiting` and `declined`; what was withdrawn by its applicant asks for no answer."""

    def number(state):
        asked = ~Q(recommendations__application__state="withdrawn")
        return Count("recommendations", filter=Q(recommendations__state=state) & asked)

    return rows.annotate(used=number("recommended"), waiting=number("waiting"), declined=number("declined"))


def with_account(quota):
    """For a row of `counted`."""
    quota.account = Account(quota.places, quota.used)
    return quota


def own_quotas(viewer, *, at):
    """The viewer's regions in published competitions, what waits first, then by deadline: one query."""
    require(viewer, "quota.list")
    rows = visible(viewer, "quota.list", Quota).exclude(competition__state="draft").filter(competition__recommendation=True)
    rows = (
        counted(rows).select_related("competition", "region").order_by("competition__recommendation_closes", "competition_id", "region_id")
    )
    found = [with_account(row) for row in rows[:100]]
    for row in found:
        row.open = over(row.competition, at) == ()
    return sorted(found, key=lambda row: (not (row.open and row.waiting), not row.open))


def over(competition, at) -> tuple[Reason, ...]:
    """Why the region's word is not taken any more at `at`."""
    closes = competition.recommendation_closes
    return (Reason("competition.recommendation_closed", {"due": in_beijing(closes)}),) if closes is not None and at >= closes else ()


def waiting(viewer) -> int:
    rows = Recommendation.objects.filter(quota__in=visible(viewer, "quota.list", Quota), state="waiting")
    return rows.filter(application__state__in=("submitted", "returned"), quota__competition__state="published").count()


def quota(viewer, competition_pk, pk, *, action="quota.view") -> Quota:
    """Http404 for whoever may not see it; NotAllowed without `action`."""
    rows = Quota.objects.exclude(competition__state="draft").filter(competition=competition_pk, pk=pk)
    found = counted(rows).select_related("competition", "region").first()
    if found is None or not can(viewer, "quota.view", found).allowed:
        raise Http404
    require(viewer, action, found)
    return with_account(found)


def regions_offered(competition):
    """Regions that a competition may give places to: of the nation all that recommend, of a province it and those below it."""
    rows = Region.objects.filter(recommends=True)
    if competition.level == "province" and competition.region_id:
        rows = Region.objects.filter(Q(pk=competition.region_id) | Q(parent=competition.region_id))
    return rows.order_by("code")


def deadline_faults(competition, first) -> list[Reason]:
    """It lies between the applicants' deadline and the judging, so that the last one submitted can still be read."""
    closes = competition.recommendation_closes
    if closes and first.intake_closes and closes < first.intake_closes:
        return [Reason("competition.recommendation_before_intake")]
    if closes and first.judging_opens and closes > first.judging_opens:
        return [Reason("competition.recommendation_after_judging")]
    return []


@provide("application", "submit", "recommender")
def _recommender_to_submit(act):
    return () if came_back(act.subject) else without_quota(act.subject.competition, act.subject.cluster)
