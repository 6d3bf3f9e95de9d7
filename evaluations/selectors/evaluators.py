"""The pool as its organiser sees it: people, particulars, loads, conflicts."""

from django.db.models import Count, Q

from accounts.models import Membership, User
from competition.models import Cluster, Conflict
from evaluations.selectors.assignments import HELD


def scopes_of(competition) -> list[str]:
    return [f"competition:{competition.pk}", "*"]


def people(competition):
    """Everybody who holds the role of evaluator here, with `evaluator` where there is a profile, and `load`: seats held."""
    holders = Membership.objects.live().filter(role="evaluator", scope__in=scopes_of(competition)).values("user")
    return (
        User.objects.filter(pk__in=holders)
        .select_related("evaluator__employer")
        .prefetch_related("evaluator__regions", "evaluator__sectors")
        .annotate(
            load=Count(
                "evaluator__assignments",
                filter=Q(evaluator__assignments__state__in=HELD, evaluator__assignments__entry__round__competition=competition),
                distinct=True,
            )
        )
        .order_by("evaluator__code", "pk")
    )


def without_profile(competition):
    return people(competition).filter(evaluator__isnull=True)


def members(competition):
    """Everybody who has a part in the competition, for declaring a conflict: staff are bound as well."""
    holders = Membership.objects.live().filter(scope__in=scopes_of(competition)).exclude(role__in=("applicant", "operator", "recommender"))
    return User.objects.filter(pk__in=holders.values("user")).order_by("name_zh", "pk")


def clusters(competition):
    """The clusters that apply in the competition."""
    return Cluster.objects.filter(applications__competition=competition).distinct().order_by("lead_region_id", "name_zh")


def declared(competition):
    """Live declared conflicts between its people and its clusters."""
    return (
        Conflict.objects.filter(ended_at=None, user__in=members(competition).values("pk"), cluster__in=clusters(competition).values("pk"))
        .select_related("user__evaluator", "cluster", "declared_by")
        .order_by("-declared_at", "-pk")
    )
