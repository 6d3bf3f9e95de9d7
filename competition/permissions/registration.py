"""Who registers, who sees a registration, who confirms it: the recommender of its cluster's region, or any organiser."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.permissions import everywhere, register, roles, scopes
from ledger.domain.reason import Reason

REVIEWERS = frozenset({"organiser", "recommender"})


def _anybody(user, subject):
    return None


def _own(user, registration):
    return None if registration.user_id == user.pk else Reason("competition.not_yours")


def _queue(user, subject):
    return None if roles(user) & REVIEWERS else Reason("competition.role_needed", {"roles": sorted(REVIEWERS)})


def _every(user) -> bool:
    return "organiser" in roles(user) or everywhere(user, "recommender")


def _reviewed(user, rows):
    """Those of the viewer's regions, and of divisions below them that have no recommender of their own."""
    if _every(user):
        return rows
    mine = scopes(user, "recommender", "region")
    below = Q(cluster__lead_region__parent__in=mine, cluster__lead_region__recommends=False)
    return rows.filter(Q(cluster__lead_region__in=mine) | below) if mine else rows.none()


def _reviews(user, registration):
    region, mine = registration.cluster.lead_region, scopes(user, "recommender", "region")
    if _every(user) or region.pk in mine or (not region.recommends and region.parent_id in mine):
        return None
    return Reason("competition.role_needed", {"roles": sorted(REVIEWERS)})


def reviewers(registration) -> set[int]:
    """Ids of who may decide about it: the rule of `_decides`, asked the other way round."""
    region = registration.cluster.lead_region
    scopes = ["*", f"region:{region.pk}"]
    if not region.recommends and region.parent_id:
        scopes.append(f"region:{region.parent_id}")
    held = Membership.objects.live().filter(Q(role="organiser") | Q(role="recommender", scope__in=scopes))
    return set(held.values_list("user_id", flat=True)) - {registration.user_id}


def _decides(user, registration):
    if registration.user_id == user.pk:
        return Reason("competition.registration_own")
    return _reviews(user, registration)


def _views(user, registration):
    return None if _own(user, registration) is None else _reviews(user, registration)


OWN, REVIEWER = _("whoever sent it"), _("recommenders of the cluster's region and organisers")
register("registration.make", _anybody, label=_("Register an organisation"), who=_("everybody with an account"))
register("registration.list", _queue, queryset=_reviewed, label=_("See the queue of registrations"), who=REVIEWER)
register(
    "registration.view",
    _views,
    queryset=lambda user, rows: rows.filter(user=user) | _reviewed(user, rows),
    label=_("Read a registration"),
    who=_("whoever sent it, recommenders of the region, organisers"),
)
for _action, _label in (("confirm", _("Confirm a registration")), ("refuse", _("Refuse a registration"))):
    register(f"registration.{_action}", _decides, label=_label, who=REVIEWER)
for _action, _label in (("resubmit", _("Correct a refused registration")), ("withdraw", _("Withdraw a registration"))):
    register(f"registration.{_action}", _own, label=_label, who=OWN)
