"""Conflicts that follow from who somebody is: employer, regions, the organisation they apply for."""

from django.db.models import Exists, OuterRef

from accounts import person
from accounts.models import Membership
from accounts.permissions import held
from competition.models import Cluster
from competition.permissions.conflicts import register
from evaluations.models import Evaluator

person.register("evaluator", lambda: Exists(Evaluator.objects.filter(user=OuterRef("pk"))))


@register(possible=lambda user: person.fact(user, "evaluator"))
def of_evaluator(user_ids, cluster_ids):
    """By employer and by region: any region of a joint cluster counts, and a city counts with its province, both ways. One query
    where nobody is an evaluator, else three."""
    rows = Evaluator.objects.filter(user__in=user_ids).values_list("user_id", "employer_id", "regions__code", "regions__parent_id")
    people = list(rows.order_by("user_id", "regions__code"))
    if people:
        yield from _of_employer({(user_id, employer) for user_id, employer, _code, _parent in people if employer}, cluster_ids)
        yield from _of_region([(user_id, code, parent) for user_id, _employer, code, parent in people if code], cluster_ids)


def _of_employer(pairs, cluster_ids):
    if not pairs:
        return
    rows = Cluster.objects.filter(pk__in=cluster_ids, organisation__in={employer for _user, employer in pairs})
    clusters = list(rows.values_list("pk", "organisation_id").order_by("pk"))
    for user_id, employer in sorted(pairs):
        for cluster_id, organisation in clusters:
            if organisation == employer:
                yield user_id, cluster_id, "employer"


def _of_region(people, cluster_ids):
    if not people:
        return
    by_code: dict[str, set[int]] = {}
    for cluster_id, code, parent in Cluster.objects.filter(pk__in=cluster_ids).values_list("pk", "regions__code", "regions__parent_id"):
        for key in (code, parent and f"in {parent}"):
            if key:
                by_code.setdefault(key, set()).add(cluster_id)
    for user_id, code, parent in people:
        bound = by_code.get(code, set()) | by_code.get(f"in {code}", set()) | (by_code.get(parent, set()) if parent else set())
        for cluster_id in sorted(bound):
            yield user_id, cluster_id, "region"


@register(possible=lambda user: any(scope.startswith("organisation:") for _role, scope in held(user)))
def of_membership(user_ids, cluster_ids):
    """Whoever applies for the cluster's organisation, staff included. One query where nobody applies for anything, else two."""
    held = Membership.objects.live().filter(user__in=user_ids, scope__startswith="organisation:").values_list("user_id", "scope")
    applying = [(user_id, int(scope.partition(":")[2])) for user_id, scope in held if scope.partition(":")[2].isdecimal()]
    if not applying:
        return
    clusters: dict[int, list[int]] = {}
    rows = Cluster.objects.filter(pk__in=cluster_ids, organisation__in={organisation for _user, organisation in applying})
    for cluster_id, organisation in rows.values_list("pk", "organisation_id").order_by("pk"):
        clusters.setdefault(organisation, []).append(cluster_id)
    for user_id, organisation in applying:
        for cluster_id in clusters.get(organisation, ()):
            yield user_id, cluster_id, "applicant"
