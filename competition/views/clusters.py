"""Lists of clusters and organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require
from competition.forms.clusters import ClusterForm, OrganisationForm
from competition.models import Cluster, Organisation
from competition.selectors import clusters as selectors
from competition.selectors.people import applicants_of
from competition.services import clusters as services
from ledger.domain.reason import Refused


def cluster_list(request):
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(selectors.clusters(request.user, search=search), 50).get_page(request.GET.get("page"))
    return render(request, "competition/setup/cluster_list.html", {"page": page, "search": search})


def organisation_list(request):
    search = request.GET.get("q", "").strip()[:100]
    page = Paginator(selectors.organisations(request.user, search=search), 50).get_page(request.GET.get("page"))
    applicants = applicants_of(page.object_list, at=timezone.now())
    rows = [{"organisation": row, **applicants[row.pk]} for row in page.object_list]
    return render(request, "competition/setup/organisation_list.html", {"page": page, "rows": rows, "search": search})


def cluster_create(request):
    return _cluster(request, None)


def cluster_edit(request, pk):
    return _cluster(request, selectors.one(request.user, Cluster, pk))


@require_http_methods(["GET", "POST"])
def _cluster(request, cluster):
    require(request.user, "cluster.keep")
    initial = {}
    if cluster:
        initial = {name: getattr(cluster, name) for name in services.CLUSTER_FIELDS} | {"regions": cluster.regions.all()}
    elif request.GET.get("organisation", "").isdecimal():
        initial = {"organisation": request.GET["organisation"]}
    form = ClusterForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            saved = services.save_cluster(cluster, regions=values.pop("regions"), values=values, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:cluster_edit", saved.pk)
    context = {"form": form, "cluster": cluster}
    return render(request, "competition/setup/cluster_edit.html", context, status=422 if form.errors else 200)


def organisation_create(request):
    return _organisation(request, None)


def organisation_edit(request, pk):
    return _organisation(request, selectors.one(request.user, Organisation, pk))


@require_http_methods(["GET", "POST"])
def _organisation(request, organisation):
    require(request.user, "cluster.keep")
    initial = {name: getattr(organisation, name) for name in services.ORGANISATION_FIELDS} if organisation else {}
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            saved = services.save_organisation(organisation, values=form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:organisation_edit", saved.pk)
    context = {"form": form, "organisation": organisation}
    if organisation:
        context |= {"people": applicants_of([organisation], at=timezone.now())[organisation.pk], "clusters": organisation.clusters.all()}
    return render(request, "competition/setup/organisation_edit.html", context, status=422 if form.errors else 200)
