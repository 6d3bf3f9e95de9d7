"""Conflicts that follow from who somebody is: employer, regions, the organisation they apply for."""

from accounts.models import Membership
from competition.models import Cluster
from competition.permissions.conflicts import register
from evaluations.models import Evaluator


@register
def of_employer(user_ids, cluster_ids):
    rows = Cluster.objects.filter(pk__in=list(cluster_ids), organisation__evaluators__user__in=list(user_ids))
    for cluster_id, user_id in rows.values_list("pk", "organisation__evaluators__user").order_by("pk"):
        yield user_id, cluster_id, "employer"


@register
def of_region(user_ids, cluster_ids):
    """Any region of a joint cluster counts, and a city counts with its province, both ways."""
    people = list(
        Evaluator.objects.filter(user__in=list(user_ids), regions__isnull=False).values_list(
            "user_id", "regions__code", "regions__parent_id"
        )
    )
    places = list(Cluster.objects.filter(pk__in=list(cluster_ids)).values_list("pk", "regions__code", "regions__parent_id"))
    by_code: dict[str, set[int]] = {}
    for cluster_id, code, parent in places:
        for key in (code, parent and f"in {parent}"):
            if key:
                by_code.setdefault(key, set()).add(cluster_id)
    for user_id, code, parent in people:
        bound = by_code.get(code, set()) | by_code.get(f"in {code}", set()) | (by_code.get(parent, set()) if parent else set())
        for cluster_id in sorted(bound):
            yield user_id, cluster_id, "region"


@register
def of_membership(user_ids, cluster_ids):
    """Whoever applies for the cluster's organisation, staff included."""
    organisations = dict(Cluster.objects.filter(pk__in=list(cluster_ids), organisation__isnull=False).values_list("pk", "organisation_id"))
    scopes = {f"organisation:{organisation}": cluster for cluster, organisation in organisations.items()}
    held = Membership.objects.live().filter(user__in=list(user_ids), scope__in=list(scopes)).values_list("user_id", "scope")
    for user_id, scope in held:
        for cluster, organisation in organisations.items():
            if scope == f"organisation:{organisation}":
                yield user_id, cluster, "applicant"
