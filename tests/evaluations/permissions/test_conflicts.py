"""Conflicts that follow from who somebody is, asked of many at once."""

import pytest
from django.utils import timezone

from accounts.person import signed_in
from competition.models import Cluster, Conflict, Party, Region
from competition.permissions.conflicts import conflicts, conflicts_of
from competition.services.parties import fix_parties
from tests.factories.accounts import give, make_user
from tests.factories.competition import make_cluster, make_entry, make_organisation, make_round
from tests.factories.evaluations import make_evaluator
from tests.factories.parties import party

pytestmark = pytest.mark.django_db


def test_every_tie_counts_in_three_queries_whatever_their_number(django_assert_num_queries):
    own, other = make_organisation(), make_organisation()
    city = Region.objects.exclude(parent=None).filter(parent__code="320000").first()
    near, far = make_cluster(organisation=own, lead_region_id="320000"), make_cluster(organisation=other, lead_region_id="440000")
    everything, regional, applicant, free = (make_user() for _ in range(4))
    make_evaluator(everything, employer=own, regions=[Region.objects.get(code="320000")])
    give(everything, "applicant", f"organisation:{own.pk}")
    make_evaluator(regional, regions=[city] if city else [Region.objects.get(code="320000")])
    give(applicant, "applicant", f"organisation:{other.pk}")
    make_evaluator(free)
    Conflict.objects.create(user=free, cluster=far, kind="adviser", declared_by=applicant, declared_at=timezone.now())
    people = [everything.pk, regional.pk, applicant.pk, free.pk]
    with django_assert_num_queries(3):  # the declared ones, who they are, their clusters
        found = conflicts(people, [near.pk, far.pk])
    assert found == {
        (free.pk, far.pk): ["adviser"],
        (everything.pk, near.pk): ["employer", "region", "applicant"],
        (regional.pk, near.pk): ["region"],
        (applicant.pk, far.pk): ["applicant"],
    }
    assert conflicts(people, Cluster.objects.filter(pk=far.pk).values("pk")) == {
        (free.pk, far.pk): ["adviser"],
        (applicant.pk, far.pk): ["applicant"],
    }
    assert conflicts_of(regional, [near.pk, far.pk]) == {near.pk: ["region"]}


def test_who_is_bound_to_nothing_is_asked_about_once(django_assert_num_queries):
    cluster = make_cluster(organisation=make_organisation())
    user = make_evaluator(make_user()).user
    with django_assert_num_queries(2):  # the declared ones, who they are
        assert conflicts([user.pk], [cluster.pk]) == {}


def test_partners_of_a_joint_entry_count_as_its_organisation_does(django_assert_num_queries):
    """By code, by name where the employer has none, by their regions; of what was submitted, in as many queries for three as for one."""
    registered = make_organisation(credit_code=(row := party(region="440000"))["credit_code"])
    nameless = make_organisation()
    rows = [row, party(name_zh=nameless.name_zh, region="350000"), party(region="350000")]
    joint = make_entry(make_round(), make_user())
    fix_parties(joint.revision, rows)
    alone = make_entry(joint.round, make_user())
    Party.objects.create(application=alone.application, order=1, name_zh="草稿", credit_code=row["credit_code"], region_id="440000")
    employed, unnamed, regional, applicant, free = (make_user() for _ in range(5))
    make_evaluator(employed, employer=registered)
    make_evaluator(unnamed, employer=nameless)
    make_evaluator(regional, regions=[Region.objects.get(code="350000")])
    make_evaluator(free, employer=make_organisation(), regions=[Region.objects.get(code="210000")])
    give(applicant, "applicant", f"organisation:{registered.pk}")
    cluster, clusters = joint.application.cluster_id, [joint.application.cluster_id, alone.application.cluster_id]
    with django_assert_num_queries(3):
        assert conflicts([employed.pk, unnamed.pk, regional.pk, applicant.pk, free.pk], clusters) == {
            (employed.pk, cluster): ["employer"],
            (unnamed.pk, cluster): ["employer"],
            (regional.pk, cluster): ["region"],
            (applicant.pk, cluster): ["applicant"],
        }
    person = signed_in(employed.pk)
    with django_assert_num_queries(2):  # nothing declared of the person; without regions the clusters are chosen by their parties
        assert conflicts_of(person, clusters) == {cluster: ["employer"]}
