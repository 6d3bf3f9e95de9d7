"""The organiser's own table of workdays."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from competition.forms.clusters import WorkdayForm
from competition.selectors.clusters import workday_years
from competition.services.workdays import set_year
from ledger.domain.reason import Refused


@require_http_methods(["GET", "POST"])
def workday_list(request):
    years = workday_years(request.user)
    now = timezone.now()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else timezone.localtime(now).year + 1
    rows = years.get(year, [])
    initial = {
        "year": year,
        "days": "\n".join(f"{row.date:%Y-%m-%d}, {'work' if row.is_workday else 'off'}, {row.name}".rstrip(", ") for row in rows),
        "complete": any(row.year_complete for row in rows),
    }
    form = WorkdayForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            set_year(
                form.cleaned_data["year"],
                days=form.cleaned_data["days"],
                complete=form.cleaned_data["complete"],
                actor=request.user,
                at=now,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("competition:workday_list")
    known = [{"year": key, "count": len(found), "complete": any(row.year_complete for row in found)} for key, found in years.items()]
    return render(request, "competition/setup/workday_list.html", {"form": form, "known": known}, status=422 if form.errors else 200)
