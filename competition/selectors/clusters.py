"""Clusters and organisations, as organisers keep them."""

from django.db.models import Count, Q
from django.http import Http404

from accounts.permissions import require, visible
from competition.models import Cluster, Organisation, WorkdayException


def clusters(viewer, *, search: str = ""):
    require(viewer, "cluster.keep")
    rows = visible(viewer, "cluster.keep", Cluster).select_related("sector", "lead_region", "organisation").prefetch_related("regions")
    return rows.filter(Q(name_zh__icontains=search) | Q(name_en__icontains=search)) if search else rows


def organisations(viewer, *, search: str = ""):
    """With `cluster_count`."""
    require(viewer, "cluster.keep")
    rows = (
        visible(viewer, "cluster.keep", Organisation)
        .select_related("region")
        .annotate(cluster_count=Count("clusters"))
        .order_by("name_zh", "id")
    )
    if search:
        rows = rows.filter(Q(name_zh__icontains=search) | Q(name_en__icontains=search) | Q(credit_code__iexact=search))
    return rows


def one(viewer, model, pk):
    require(viewer, "cluster.keep")
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def workday_years(viewer) -> dict[int, list[WorkdayException]]:
    require(viewer, "workday.keep")
    years: dict[int, list[WorkdayException]] = {}
    for row in WorkdayException.objects.order_by("-date__year", "date"):
        years.setdefault(row.date.year, []).append(row)
    return years
