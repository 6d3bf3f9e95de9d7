"""Registrations as those read them who sent them and who decide about them."""

from django.db.models import Q
from django.http import Http404

from accounts.permissions import can, require, visible
from competition.models import Application, Cluster, Organisation, Registration
from competition.permissions.holding import organisations
from competition.workflow import provide
from ledger.domain.reason import Reason

STATES = ("pending", "confirmed", "refused", "withdrawn")


def _rows():
    return Registration.objects.select_related("user", "organisation", "cluster__lead_region", "cluster__sector", "decided_by")


def own_registrations(viewer):
    """What the viewer has sent, newest first."""
    return _rows().filter(user=viewer).order_by("-sent_at", "-pk")


def own_organisations(viewer):
    """Those that the viewer applies for."""
    return Organisation.objects.filter(pk__in=organisations(viewer)).prefetch_related("clusters").order_by("name_zh", "pk")


def registrations(viewer, *, state: str = "pending"):
    """The queue: the longest waiting first; decided ones newest first."""
    require(viewer, "registration.list")
    rows = visible(viewer, "registration.list", _rows()).filter(state=state)
    return rows if state == "pending" else rows.order_by("-decided_at", "-pk")


def waiting(viewer):
    return visible(viewer, "registration.list", Registration).filter(state="pending").exclude(user=viewer)


def registration(viewer, pk, *, action="registration.view") -> Registration:
    """Http404 for whoever may not see it; NotAllowed without `action`."""
    found = _rows().filter(pk=pk).first()
    if found is None or not can(viewer, "registration.view", found).allowed:
        raise Http404
    require(viewer, action, found)
    return found


def similar(registration) -> list[str]:
    """Organisations and clusters whose names look alike: what a reviewer should compare."""
    organisation, cluster = registration.organisation, registration.cluster
    names = Q(name_zh__iexact=organisation.name_zh) | (Q(name_en__iexact=organisation.name_en) & ~Q(name_en=""))
    found = [str(row) for row in Organisation.objects.filter(names).exclude(pk=organisation.pk)[:10]]
    stem = cluster.name_zh.removesuffix("集群")
    rows = Cluster.objects.filter(Q(short_zh=cluster.short_zh) | Q(name_zh__icontains=stem)).exclude(pk=cluster.pk)
    return found + [str(row) for row in rows[:10]]


def free_clusters(registration=None):
    """Clusters that no organisation speaks for; while a registration is corrected, the one it has."""
    free = Q(organisation=None)
    if registration is not None and not registration.new_cluster:
        free |= Q(pk=registration.cluster_id, organisation=registration.organisation_id)
    return Cluster.objects.filter(free).select_related("lead_region").order_by("lead_region_id", "name_zh")


def unconfirmed(application) -> tuple[Reason, ...]:
    """Why its organisation may not submit yet."""
    return () if application.organisation.confirmed else (Reason("competition.organisation_unconfirmed"),)


@provide("application", "submit", "organisation")
def _organisation_to_submit(act):
    return unconfirmed(act.subject)


@provide("registration", "confirm", "obstacles")
@provide("registration", "resubmit", "obstacles")
def _obstacles(act):
    row = act.subject
    return () if row.cluster.organisation_id == row.organisation_id else (Reason("competition.registration_cluster_taken"),)


def begun(registration) -> bool:
    """Whether a draft stands on its cluster."""
    return Application.objects.filter(cluster=registration.cluster_id, organisation=registration.organisation_id).exists()
