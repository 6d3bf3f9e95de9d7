"""The groups of a round: who is in which, the draw, and the change by hand."""

import hashlib

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import can
from competition.models import Entry
from evaluations.forms.groups import MoveForm
from evaluations.selectors import groups as selectors
from evaluations.services import groups as services
from evaluations.views.seats import frame_of, round_page, tabs
from ledger.domain.reason import Refused
from ledger.reasons import say

PAGE = 100


@require_GET
def group_list(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "round.view")
    may = can(request.user, "round.group", round).allowed
    context = frame_of(round, "evaluations:group_list") | {"may": may, "tabs": tabs(round, "group_list") if may else []}
    if round.grouping is None:
        return render(request, "evaluations/group_list.html", context)
    content, made = selectors.content_of(round), selectors.newest_draw(round)
    seats, draws = selectors.seats_made(round), made.number if made else 0
    lines = selectors.track_lines(round, content)
    track, group = request.GET.get("track", ""), request.GET.get("group", "")
    rows = selectors.placed_entries(round)
    if track:
        rows = rows.filter(track__code=track)
    if group.isdecimal() and len(group) < 5:
        rows = rows.filter(group=int(group))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context |= {
        "grouping": round.grouping,
        "page": page,
        "lines": lines,
        "outside": sum(line.outside for line in lines),
        "numbers": range(1, 1 + max((line.wanted for line in lines), default=0)),
        "track": track,
        "group": group,
        "draw": made,
        "seats": seats,
        "token": selectors.token_of(content, draws),
        "reasons": selectors.against_draw(round, entries=len(content), seats=seats, at=timezone.now()),
        "seed": round.seed if round.state == "released" else "",
        "seed_sha256": hashlib.sha256(round.seed.encode()).hexdigest() if round.seed else "",
        "holds": selectors.holds(made, round.seed) if made and round.state == "released" else None,
        "open": round.state in selectors.OPEN_ROUND,
        "placing": made is not None or not round.grouping.drawn,
    }
    return render(request, "evaluations/group_list.html", context)


@require_POST
def group_draw(request, pk, round_pk):
    round = round_page(request, pk, round_pk, "round.group")
    try:
        services.draw_groups(round, shown=request.POST.get("shown", "")[:60], actor=request.user, at=timezone.now())
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, say(reason))
    else:
        messages.success(request, _("The groups are drawn. The draw stands in the ledger and can be counted again."))
    return redirect("evaluations:group_list", pk, round_pk)


@require_http_methods(["GET", "POST"])
def group_move(request, pk, entry_pk):
    """One entry into another group, or in exchange for another entry."""
    entry = (
        Entry.objects.filter(pk=entry_pk)
        .select_related("track", "application__cluster__lead_region", "application__cluster__sector", "application__organisation")
        .first()
    )
    if entry is None:
        raise Http404
    entry.round = round_page(request, pk, entry.round_id, "round.group")
    if entry.round.grouping is None:
        raise Http404
    against = selectors.against_move(
        entry,
        seats=selectors.seats_made(entry.round),
        own_seats=entry.assignments.count(),
        draws=entry.round.group_draws.count(),
    )
    sizes, beside = selectors.sizes_beside(entry)
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, entry=entry, sizes=sizes, beside=beside, most=entry.round.grouping.most)
    if data is not None and not against and form.is_valid() and (answer := _move(request, entry, form)):
        return answer
    context = frame_of(entry.round, "evaluations:group_list") | {"entry": entry, "form": form, "against": against, "rounds_seg": []}
    return render(request, "evaluations/group_move.html", context, status=409 if data and against else 422 if form.errors else 200)


def _move(request, entry, form):
    """Redirects where the entry is moved; None where the form says why not."""
    kind, number = form.target()
    target = {"group": number} if kind == "group" else {"exchange": Entry(pk=number)}
    try:
        services.move_entry(entry, **target, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    except Refused as refused:
        form.refuse(refused)
        return None
    messages.success(request, _("The entry is in its new group."))
    return redirect("evaluations:group_list", entry.round.competition_id, entry.round_id)
