"""Conflicts that follow from who somebody is: employer, regions, the organisation they apply for."""

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts import person
from accounts.models import Membership, User
from accounts.permissions import held
from accounts.sql import rows_of
from competition.models import Cluster, Organisation, Region, RevisionParty
from competition.permissions.conflicts import register
from evaluations.models import Evaluator

person.register("evaluator", lambda: Exists(Evaluator.objects.filter(user=OuterRef("pk"))))


@register(possible=lambda user: person.fact(user, "evaluator") or any(scope.startswith("organisation:") for _role, scope in held(user)))
def derived(user_ids, cluster_ids):
    """By employer and by region: any region of a joint cluster counts, and a city counts with its province, both ways; and whoever
    applies for the cluster's organisation, staff included. Partners of a joint entry count as its organisation does, with their
    regions, in every revision that was submitted. One query where nobody is bound to anything, else two."""
    employers, regions, applying = _ties(user_ids)
    if not (employers or regions or applying):
        return
    organisations = {organisation for _user, organisation, _name in employers} | {organisation for _user, organisation in applying}
    clusters = Cluster.objects.filter(pk__in=cluster_ids).order_by("pk")
    if not regions:
        names = {name for _user, _organisation, name in employers if name}
        clusters = clusters.filter(Q(organisation__in=organisations) | Exists(_partners().filter(_of(organisations, names))))
    clusters = clusters.annotate(partners=rows_of(_partners(), "organisation", "name_zh", "region_id", "region__parent_id"))
    by_organisation: dict[int | str, dict[int, None]] = {}  # also by the name of a partner
    by_region: dict[str, set[int]] = {}
    columns = ("pk", "organisation_id", "partners", "regions__code", "regions__parent_id")
    for cluster_id, organisation, partners, code, parent in clusters.values_list(*columns):
        by_organisation.setdefault(organisation, {})[cluster_id] = None
        places = [(code, parent)]
        for partner, name, *place in partners or ():
            for key in (partner, name):
                by_organisation.setdefault(key, {})[cluster_id] = None
            places.append(place)
        for code, parent in places:
            for key in (code, parent and f"in {parent}"):
                if key:
                    by_region.setdefault(key, set()).add(cluster_id)
    for user_id, employer, name in employers:
        for cluster_id in by_organisation.get(employer, {}) | by_organisation.get(name, {}):
            yield user_id, cluster_id, "employer"
    for user_id, code, parent in regions:
        bound = by_region.get(code, set()) | by_region.get(f"in {code}", set()) | (by_region.get(parent, set()) if parent else set())
        for cluster_id in sorted(bound):
            yield user_id, cluster_id, "region"
    for user_id, organisation in applying:
        for cluster_id in by_organisation.get(organisation, ()):
            yield user_id, cluster_id, "applicant"


def _partners():
    """Partners of a cluster's submitted revisions, with the `organisation` that is registered under the code."""
    registered = Organisation.objects.filter(credit_code=OuterRef("credit_code")).values("pk")
    return RevisionParty.objects.filter(revision__application__cluster=OuterRef("pk")).annotate(organisation=Subquery(registered))


def _of(organisations, names) -> Q:
    return Q(credit_code__in=Organisation.objects.filter(pk__in=organisations).values("credit_code")) | Q(name_zh__in=names)


def _ties(user_ids) -> tuple[list, list, list]:
    """(user, organisation, its name where it has no code to know a partner by) of employers, (user, region, region above),
    (user, organisation) of those they apply for: one query."""
    applies = Membership.objects.live().filter(user=OuterRef("pk"), scope__startswith="organisation:")
    rows = (
        User.objects.filter(pk__in=user_ids)
        .order_by("pk")
        .annotate(
            near=rows_of(Region.objects.filter(evaluators__user=OuterRef("pk")), "code", "parent_id"), applies=rows_of(applies, "scope")
        )
    )
    employers, regions, applying = [], [], []
    columns = ("pk", "evaluator__employer", "evaluator__employer__credit_code", "evaluator__employer__name_zh", "near", "applies")
    for user_id, employer, code, name, near, scopes in rows.values_list(*columns):
        if employer:
            employers.append((user_id, employer, None if code else name))
        regions += [(user_id, code, parent) for code, parent in sorted(near or (), key=lambda row: row[0])]
        numbers = (scope.partition(":")[2] for (scope,) in scopes or ())
        applying += [(user_id, organisation) for organisation in sorted(int(number) for number in numbers if number.isdecimal())]
    return employers, regions, applying
