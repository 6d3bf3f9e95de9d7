"""Who speaks for a region in a competition: its recommenders, none of them a party, bound to the cluster or judging there."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.permissions import everywhere, register, roles, scopes
from competition.permissions.conflicts import conflicts
from competition.permissions.holding import STAFF, organisations, roles_in, staffed
from ledger.domain.reason import Reason

ROLE = "recommender"


def of_region(user, region_id: str) -> bool:
    return everywhere(user, ROLE) or region_id in scopes(user, ROLE, "region")


def speakers(region_id: str) -> set[int]:
    """Ids of the people who speak for a region."""
    held = Membership.objects.live().filter(role=ROLE, scope__in=(f"region:{region_id}", "*"))
    return set(held.values_list("user_id", flat=True))


def _needed(*wanted: str) -> Reason:
    return Reason("competition.role_needed", {"roles": sorted(wanted)})


def _any(user, subject):
    return None if ROLE in roles(user) else _needed(ROLE)


def _own_quotas(user, rows):
    return rows if everywhere(user, ROLE) else rows.filter(region__in=scopes(user, ROLE, "region"))


def _views_quota(user, quota):
    if of_region(user, quota.region_id) or roles_in(user, quota) & STAFF:
        return None
    return _needed(ROLE, *STAFF)


def _viewable_quotas(user, rows):
    rows = rows.exclude(competition__state="draft")
    return rows.filter(Q(pk__in=_own_quotas(user, rows).values("pk")) | Q(pk__in=staffed(user, rows, "competition_id").values("pk")))


def _speaks(user, quota):
    return None if of_region(user, quota.region_id) else _needed(ROLE)


def _views(user, row):
    return _views_quota(user, row.quota)


def _decides(user, row):
    if reason := _speaks(user, row.quota):
        return reason
    return against_taking_sides(user, row.application, row)


def against_taking_sides(user, application, place):
    """Why this person does not speak for the application's region, whatever their role. `place`: a row of the competition."""
    if application.organisation_id in organisations(user) or user.pk == application.created_by_id:
        return Reason("competition.recommendation_own")
    if "evaluator" in roles_in(user, place):
        return Reason("competition.evaluators_do_not_recommend")
    if conflicts([user.pk], [application.cluster_id]):
        return Reason("competition.recommendation_conflict")
    return None


SPEAKER = _("recommenders of the region")
register("quota.list", _any, queryset=_own_quotas, label=_("See what waits for one's region"), who=SPEAKER)
register(
    "quota.view",
    _views_quota,
    queryset=_viewable_quotas,
    label=_("See a region's places and whom it recommends"),
    who=_("recommenders of the region and the competition's staff"),
)
register("quota.order", _speaks, label=_("Set a region's order of preference"), who=SPEAKER)
register(
    "recommendation.view",
    _views,
    queryset=lambda user, rows: rows.filter(quota__in=_viewable_quotas(user, rows.model.quota.field.related_model.objects.all())),
    label=_("Read a region's opinion of an application"),
    who=_("recommenders of the region and the competition's staff"),
)
for _action, _label in (
    ("recommend", _("Recommend an application")),
    ("decline", _("Not recommend an application")),
    ("withdraw", _("Take a recommendation back")),
):
    register(f"recommendation.{_action}", _decides, label=_label, who=_("recommenders of the region without a part in it or a conflict"))
