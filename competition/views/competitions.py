"""Competitions of an organiser: the list, a new one, its home, its basics, its tracks."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import can, require
from competition.documents.course import course_of, fields_of
from competition.forms.competitions import CompetitionCreateForm, CompetitionForm, TrackFormSet, VersionForm
from competition.models import Competition
from competition.selectors import competitions as selectors
from competition.selectors.formats import offered
from competition.selectors.organising import organised_rounds
from competition.selectors.setup import missing, overview
from competition.services import competitions as services
from competition.todos import todos
from competition.views.organising import board
from competition.views.setting import draft_of, frame
from ledger.domain.reason import Refused


def competition_list(request):
    rows = selectors.competitions(request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "demo": any(row.demo for row in page), "may_create": can(request.user, "competition.create").allowed}
    return render(request, "competition/setup/competition_list.html", context)


@require_http_methods(["GET", "POST"])
def competition_create(request):
    require(request.user, "competition.create")
    now = timezone.now()
    sources = selectors.competitions(request.user)
    initial = {"year": timezone.localtime(now).year, "level": "province"}
    data = request.POST if request.method == "POST" else None
    form = CompetitionCreateForm(data, sources=sources, formats=offered(get_language()), initial=initial)
    if form.is_valid():
        try:
            made = services.create_competition(**form.wanted(), actor=request.user, at=now)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The competition is there as a draft. Nobody outside sees it before you publish the call."))
            return redirect("competition:competition_edit", made.pk)
    return render(request, "competition/setup/competition_create.html", {"form": form}, status=422 if form.errors else 200)


def home(request, pk):
    """Where a competition begins for its staff: its rounds, their windows, what is next."""
    competition = selectors.competition(request.user, pk)
    now = timezone.now()
    may_edit = can(request.user, "competition.edit", competition).allowed
    fields = fields_of([competition])[competition.pk]
    context = {
        "competition": competition,
        "demo": competition.demo,
        "rounds": overview(fields, at=now),
        "may_edit": may_edit,
        "missing": missing(competition) if may_edit and competition.state == "draft" else [],
        "edition": competition.rules_editions.first(),
        "tracks": competition.tracks.all(),
    }
    if competition.state != "draft" and can(request.user, "competition.staff", competition).allowed:
        rounds = organised_rounds(request.user, competition)
        context["stages"] = course_of(competition, at=now, rounds=fields)
        context["board"] = board(rounds, todos(request.user, rounds, now), fields) if may_edit else []
    return render(request, "competition/setup/home.html", context)


@require_http_methods(["GET", "POST"])
def competition_edit(request, pk):
    competition = draft_of(request, pk)
    names = [name for name in CompetitionForm.base_fields if name != "version"]
    initial = {name: getattr(competition, name) for name in names} | {"version": competition.edit_version}
    form = CompetitionForm(request.POST if request.method == "POST" else None, initial=initial)
    if competition.state != "draft":
        form.freeze()
    if form.is_valid():
        try:
            services.edit_competition(
                competition, changes=form.changes(), version=form.cleaned_data["version"], actor=request.user, at=timezone.now()
            )
        except Refused as refused:
            form.refuse_stale(refused, Competition.objects.get(pk=pk).edit_version)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:competition_edit", pk)
    context = frame(competition, "basics") | {"form": form}
    return render(request, "competition/setup/competition_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def track_list(request, pk):
    competition = draft_of(request, pk)
    data = request.POST if request.method == "POST" else None
    form = VersionForm(data, initial={"version": competition.edit_version})
    formset = TrackFormSet(data, prefix="tracks", initial=list(competition.tracks.values("code", "name_zh", "name_en")))
    if data is not None and form.is_valid() and formset.is_valid():
        try:
            services.set_tracks(
                competition, tracks=formset.rows(), version=form.cleaned_data["version"], actor=request.user, at=timezone.now()
            )
        except Refused as refused:
            form.refuse_stale(refused, Competition.objects.get(pk=pk).edit_version)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:track_list", pk)
    wrong = data is not None and (form.errors or formset.total_error_count())
    context = frame(competition, "tracks") | {"form": form, "formset": formset}
    return render(request, "competition/setup/track_list.html", context, status=422 if wrong else 200)
