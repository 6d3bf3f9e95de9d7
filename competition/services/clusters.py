"""Clusters and the organisations behind them: lists that all competitions share."""

from datetime import datetime

from django.db import transaction

from accounts import permissions
from competition.domain.forms import field_faults
from competition.models import Cluster, Organisation
from ledger.domain.reason import Reason, Refused
from ledger.services import record

CLUSTER_FIELDS = ("name_zh", "name_en", "short_zh", "short_en", "sector", "lead_region", "organisation")
ORGANISATION_FIELDS = ("name_zh", "name_en", "credit_code", "region")


@transaction.atomic
def save_organisation(organisation: Organisation | None, *, values: dict, actor, at: datetime) -> Organisation:
    """None makes a new one. `values`: the fields by name; a credit code is empty or a sound one (`against_credit_code`)."""
    permissions.require(actor, "cluster.keep")
    code = (values["credit_code"] or "").strip().upper() or None
    if code is not None:
        if reason := against_credit_code(code):
            raise Refused(reason, field="credit_code")
        if Organisation.objects.filter(credit_code=code).exclude(pk=organisation and organisation.pk).exists():
            raise Refused(Reason("competition.credit_code_taken"), field="credit_code")
    made = organisation is None
    organisation = organisation or Organisation()
    for name in ORGANISATION_FIELDS:
        setattr(organisation, name, code if name == "credit_code" else values[name])
    organisation.save()
    note_change("organisation", made, organisation, actor=actor, at=at)
    return organisation


def against_credit_code(code: str) -> Reason | None:
    """The same check that an application's field gets."""
    faults = field_faults({"code": "credit_code", "type": "credit_code"}, code, ())
    return faults[0][1] if faults else None


@transaction.atomic
def save_cluster(cluster: Cluster | None, *, values: dict, regions, actor, at: datetime) -> Cluster:
    """None makes a new one. `regions`: all it lies in; the lead region is added where it is not among them."""
    permissions.require(actor, "cluster.keep")
    if Cluster.objects.filter(name_zh=values["name_zh"]).exclude(pk=cluster and cluster.pk).exists():
        raise Refused(Reason("competition.cluster_known"), field="name_zh")
    made = cluster is None
    cluster = cluster or Cluster()
    for name in CLUSTER_FIELDS:
        setattr(cluster, name, values[name])
    cluster.save()
    codes = sorted({region.pk for region in regions} | {cluster.lead_region_id})
    cluster.regions.set(codes)
    note_change("cluster", made, cluster, actor=actor, at=at)
    return cluster


def note_change(kind: str, made: bool, row, *, actor, at: datetime) -> None:
    """The record of a cluster or an organisation that was entered (`made`) or edited."""
    if kind == "cluster":
        after = {"sector": row.sector_id, "lead_region": row.lead_region_id, "organisation": row.organisation_id}
        after["regions"] = sorted(row.regions.values_list("pk", flat=True))
        names = CLUSTER_FIELDS[:4]
    else:
        after, names = {"region": row.region_id}, ORGANISATION_FIELDS[:3]
    record(
        actor=f"user:{actor.pk}",
        action=f"{kind}.{'create' if made else 'edit'}",
        subject=f"{kind}:{row.pk}",
        after=after,
        private={name: getattr(row, name) for name in names if getattr(row, name)},
        at=at,
    )
