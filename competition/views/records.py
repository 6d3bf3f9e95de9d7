"""The ledger in words: of one competition, of all that the viewer watches over, and readings of scores alone; as a page or a table."""

import csv
from itertools import islice

from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import require
from accounts.templatetags.saima import to_the_second
from competition.domain.cells import harmless
from competition.forms.supervision import LedgerForm
from competition.selectors import supervision as selectors
from competition.selectors.competitions import competition as find_competition
from competition.services.supervision import export_records
from competition.views.supervision import watcher
from ledger.domain.reason import Refused

PAGE, BATCH = 50, 500


@never_cache
def ledger_list(request, pk):
    competition = find_competition(request.user, pk)
    require(request.user, "ledger.read", competition)
    return _page(request, [competition], competition=competition)


@never_cache
def record_list(request):
    return _page(request, watcher(request))


@never_cache
def reading_list(request):
    return _page(request, watcher(request), among=selectors.READINGS)


@never_cache
@require_GET
def record_export(request):
    """What the page shows, all of it, as a table; `readings` for readings alone."""
    competitions = watcher(request)
    among = selectors.READINGS if request.GET.get("readings") else None
    form, rows, chosen = _found(request, competitions, among)
    if form.errors:
        return _page(request, competitions, among=among)
    newest = rows.values_list("pk", flat=True).first()
    export_records(chosen, actor=request.user, at=timezone.now())
    rows = rows.filter(pk__lte=newest or 0)  # as they stood before: the file does not list itself
    response = StreamingHttpResponse(_lines(rows, translation.get_language()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="records.csv"'
    return response


def _found(request, competitions, among, competition=None):
    """The form, the records that fit (none where it is wrong) and the competitions they are of."""
    scopes = selectors.scopes_of(competitions)
    known = [pair for pair in selectors.recorded_actions(scopes) if among is None or pair[0] in among]
    form = LedgerForm(request.GET, competitions=None if competition else competitions, actions=known)
    rows, chosen = selectors.find([]), competitions
    if form.is_valid():
        asked = dict(form.cleaned_data)
        wanted = asked.pop("competition", None)
        chosen = [row for row in competitions if wanted in (None, row.pk)]
        try:
            rows = selectors.find(selectors.scopes_of(chosen), among=among, **asked)
        except Refused as refused:
            form.refuse(refused)
    return form, rows, chosen


def _page(request, competitions, *, competition=None, among=None):
    form, found, _chosen = _found(request, competitions, among, competition)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    if competition:
        query["competition"] = competition.pk
    if among:
        query["readings"] = "1"
    context = {
        "competition": competition,
        "demo": any(row.demo for row in competitions),
        "form": form,
        "page": page,
        "rows": selectors.in_words(page.object_list),
        "readings": among is not None,
        "address": _address(competition, among),
        "export": query.urlencode(),
    }
    return render(request, "competition/supervision/ledger_list.html", context, status=422 if form.errors else 200)


def _address(competition, among):
    if competition:
        return reverse("competition:ledger_list", args=[competition.pk])
    return reverse("competition:reading_list" if among else "competition:record_list")


class _Echo:
    def write(self, text):
        return text


def _lines(rows, language):
    """In the reader's language, in batches: constant memory."""
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield "\ufeff"
        heads = (_("Record"), _("When (Beijing time)"), _("What was done"), _("About what"), _("Name"), _("Who"), _("Seal"))
        yield writer.writerow([str(head) for head in heads])
    records = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(records, BATCH)):
        with translation.override(language):
            lines = [writer.writerow(_cells(item)) for item in selectors.in_words(batch)]
        yield from lines


def _cells(item):
    record, subject = item["record"], item["subject"]
    cells = (record.pk, to_the_second(record.at), item["action"], subject.kind, subject.name, item["actor"], item["seal"] or "")
    return [harmless(cell) for cell in cells]
