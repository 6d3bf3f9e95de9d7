"""Rounds of a competition as its organiser sets them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from competition import workflow
from competition.documents.course import fields_of
from competition.domain.windows import FIELDS
from competition.forms.competitions import MoveWindowsForm, RoundAddForm, RoundForm, VersionForm
from competition.models import Competition
from competition.selectors.setup import overview
from competition.services import rounds as services
from competition.views.setting import draft_of, frame, round_in
from ledger.domain.reason import Refused


def round_list(request, pk):
    competition = draft_of(request, pk)
    context = frame(competition, "rounds") | {"rows": overview(fields_of([competition])[competition.pk], at=timezone.now())}
    return render(request, "competition/setup/round_list.html", context)


@require_http_methods(["GET", "POST"])
def round_add(request, pk):
    competition = draft_of(request, pk)
    initial = {"version": competition.edit_version, "intake": "fresh"}
    form = RoundAddForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            made = services.add_round(competition, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse_stale(refused, version_now(pk))
        else:
            messages.success(request, _("The round is added, with the rules of the one before it."))
            return redirect("competition:round_edit", pk, made.pk)
    return render(
        request, "competition/setup/round_add.html", frame(competition, "rounds") | {"form": form}, status=422 if form.errors else 200
    )


def version_now(pk) -> int:
    return Competition.objects.values_list("edit_version", flat=True).get(pk=pk)


def before(round):
    earlier = round.competition.rounds.filter(order__lt=round.order).order_by("-order").first()
    return earlier.judging_closes if earlier else None


@require_http_methods(["GET", "POST"])
def round_edit(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    competition = round.competition
    names = ("code", "name_zh", "name_en", "kind", "intake", "seats", "blind", *FIELDS)
    initial = {name: getattr(round, name) for name in names} | {"version": competition.edit_version}
    initial |= {f"group_{name}": value for name, value in (round.groups or {}).items()}
    initial |= {f"public_{name}": value for name, value in (round.publication or {}).items()}
    form = RoundForm(request.POST if request.method == "POST" else None, initial=initial, after=before(round))
    if competition.state != "draft":
        form.freeze()
    elif form.is_valid():
        try:
            services.edit_round(
                round,
                basics=form.basics(),
                windows=form.windows(),
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            form.refuse_stale(refused, version_now(pk))
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:round_edit", pk, round_pk)
    context = frame(competition, "rounds", round, "competition:round_edit") | {"form": form}
    return render(request, "competition/setup/round_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def round_remove(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    form = VersionForm(request.POST if request.method == "POST" else None, initial={"version": round.competition.edit_version})
    if form.is_valid():
        try:
            services.remove_round(round, version=form.cleaned_data["version"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse_stale(refused, version_now(pk))
        else:
            messages.success(request, _("The round is removed."))
            return redirect("competition:round_list", pk)
    context = frame(round.competition, "rounds", round) | {"form": form}
    return render(request, "competition/setup/round_remove.html", context, status=422 if form.errors else 200)


@require_POST
def round_move(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    version = request.POST.get("version", "")
    services.move_round(
        round,
        up=request.POST.get("way") == "up",
        version=int(version) if version.isdecimal() and len(version) < 10 else -1,
        actor=request.user,
        at=timezone.now(),
    )
    return redirect("competition:round_list", pk)


@require_http_methods(["GET", "POST"])
def round_windows(request, pk, round_pk):
    """Moving dates once the call is out."""
    round = round_in(request, pk, round_pk)
    initial = {name: getattr(round, name) for name in FIELDS}
    fresh = round.intake == "fresh"
    form = MoveWindowsForm(request.POST if request.method == "POST" else None, initial=initial, after=before(round), fresh=fresh)
    if not fresh:
        del form.fields["intake_opens"], form.fields["intake_closes"]
    if form.is_valid():
        try:
            services.move_windows(round, windows=form.windows(), reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The dates are moved; the public page shows the new ones."))
            return redirect("competition:home", pk)
    context = frame(round.competition, "rounds", round, "competition:round_windows") | {"form": form}
    return render(request, "competition/setup/round_windows.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def round_open(request, pk, round_pk):
    round = round_in(request, pk, round_pk)
    now = timezone.now()
    if request.method == "POST":
        services.open_round(round, actor=request.user, at=now)
        messages.success(request, _("The round is open."))
        return redirect("competition:home", pk)
    reasons = workflow.refusals(round, "open", actor=request.user, at=now)
    return render(request, "competition/setup/round_open.html", frame(round.competition, "rounds", round) | {"reasons": reasons})
