"""Conflicts that follow from who somebody is: employer, regions, the organisation they apply for."""

from django.db.models import Exists, OuterRef

from accounts import person
from accounts.models import Membership, User
from accounts.permissions import held
from accounts.sql import rows_of
from competition.models import Cluster, Region
from competition.permissions.conflicts import register
from evaluations.models import Evaluator

person.register("evaluator", lambda: Exists(Evaluator.objects.filter(user=OuterRef("pk"))))


@register(possible=lambda user: person.fact(user, "evaluator") or any(scope.startswith("organisation:") for _role, scope in held(user)))
def derived(user_ids, cluster_ids):
    """By employer and by region: any region of a joint cluster counts, and a city counts with its province, both ways; and whoever
    applies for the cluster's organisation, staff included. One query where nobody is bound to anything, else two."""
    employers, regions, applying = _ties(user_ids)
    if not (employers or regions or applying):
        return
    organisations = {organisation for _user, organisation in employers + applying}
    clusters = Cluster.objects.filter(pk__in=cluster_ids).order_by("pk")
    if not regions:
        clusters = clusters.filter(organisation__in=organisations)
    by_organisation: dict[int, dict[int, None]] = {}
    by_region: dict[str, set[int]] = {}
    for cluster_id, organisation, code, parent in clusters.values_list("pk", "organisation_id", "regions__code", "regions__parent_id"):
        by_organisation.setdefault(organisation, {})[cluster_id] = None
        for key in (code, parent and f"in {parent}"):
            if key:
                by_region.setdefault(key, set()).add(cluster_id)
    for user_id, employer in employers:
        for cluster_id in by_organisation.get(employer, ()):
            yield user_id, cluster_id, "employer"
    for user_id, code, parent in regions:
        bound = by_region.get(code, set()) | by_region.get(f"in {code}", set()) | (by_region.get(parent, set()) if parent else set())
        for cluster_id in sorted(bound):
            yield user_id, cluster_id, "region"
    for user_id, organisation in applying:
        for cluster_id in by_organisation.get(organisation, ()):
            yield user_id, cluster_id, "applicant"


def _ties(user_ids) -> tuple[list, list, list]:
    """(user, organisation) of employers, (user, region, region above), (user, organisation) of those they apply for: one query."""
    applies = Membership.objects.live().filter(user=OuterRef("pk"), scope__startswith="organisation:")
    rows = (
        User.objects.filter(pk__in=user_ids)
        .order_by("pk")
        .annotate(
            near=rows_of(Region.objects.filter(evaluators__user=OuterRef("pk")), "code", "parent_id"), applies=rows_of(applies, "scope")
        )
    )
    employers, regions, applying = [], [], []
    for user_id, employer, near, scopes in rows.values_list("pk", "evaluator__employer", "near", "applies"):
        if employer:
            employers.append((user_id, employer))
        regions += [(user_id, code, parent) for code, parent in sorted(near or (), key=lambda row: row[0])]
        numbers = (scope.partition(":")[2] for (scope,) in scopes or ())
        applying += [(user_id, organisation) for organisation in sorted(int(number) for number in numbers if number.isdecimal())]
    return employers, regions, applying
