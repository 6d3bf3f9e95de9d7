"""The jury of a round that is decided by a vote, seated by its organiser."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from competition.selectors.rules import vote_of
from evaluations.forms.jury import JuryForm
from evaluations.selectors.jury import jury_of
from evaluations.services.jury import seat_jury
from evaluations.views.seats import plan_frame, round_page
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def jury_edit(request, pk, round_pk):
    """404 where the round is not decided by a vote."""
    round = round_page(request, pk, round_pk, "assignment.create")
    if not vote_of(round):
        raise Http404
    jury = jury_of(round)
    form = JuryForm(request.POST if request.method == "POST" else None, jury=jury)
    if request.method == "POST" and form.is_valid():
        try:
            made, gone = seat_jury(round, members=form.cleaned_data["members"], actor=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _words(made, gone))
            return redirect("evaluations:assignment_board", pk, round_pk)
    context = plan_frame(round, "assignment_board") | {"form": form, "jury": jury, "rows": form.rows()}
    return render(request, "evaluations/jury_edit.html", context, status=422 if form.errors else 200)


def _words(made: int, gone: int) -> str:
    if not made and not gone:
        return _("The whole jury sits already.")
    said = ngettext("%(n)d seat proposed.", "%(n)d seats proposed.", made) % {"n": made}
    if gone:
        said += " " + ngettext("%(n)d proposed seat taken away.", "%(n)d proposed seats taken away.", gone) % {"n": gone}
    return said + " " + _("Members see them once you publish the assignment.")
