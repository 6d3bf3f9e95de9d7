"""Scores: from marks to standings whole and after one sheet, a page of the standings, saving a sheet."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from django.core.paginator import Paginator
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.person import BACKEND
from competition.models import Round
from competition.services.standings import read_standings
from config.rehearsal.bench.field import colleague, judged_field
from config.rehearsal.bench.measure import RUNS, median, queries
from config.rehearsal.bench.web import Browser, spread, web_processes
from evaluations.domain.aggregate import collapse
from evaluations.domain.ranking import rank
from evaluations.models import Result, Sheet
from evaluations.selectors import ranking
from evaluations.selectors.rubrics import book_of
from evaluations.selectors.scores import cube_of, mark_rows, racing
from evaluations.selectors.sheets import criteria_of
from evaluations.services.scoreboards import count_change
from evaluations.services.sheets import save_sheet, submit_sheet
from evaluations.services.standings import record_standings, refresh_standings

PAGE = 100
CLIENTS, SAVES = 8, 50


def floor(work) -> float:
    found = []
    for _ in range(RUNS):
        since = time.perf_counter()
        work()
        found.append(time.perf_counter() - since)
    return round(sorted(found)[len(found) // 2], 4)


def aggregate(entries: int, evaluators: int, criteria: int) -> dict:
    """From rows to written standings: every mark read, every entry collapsed and ranked, every row written as after the first
    computation of a round. `unchanged_s`: where all of it is there already; `arithmetic_s`: the collapse and the ranks alone."""
    judged = judged_field(entries, evaluators, criteria).round

    def forget():
        Result.objects.filter(round=judged).delete()

    def work():
        refresh_standings(judged, at=timezone.now(), whole=True)

    found = median(work, before=forget)
    floor_s = floor(lambda: mark_rows(judged))
    forget()
    asked = queries(work)
    book = book_of(judged)
    cube = cube_of(book, mark_rows(judged), [entry.pk for entry in racing(judged)])

    def arithmetic():
        totals = collapse(book.scheme, cube)
        rank([total.score for total in totals], book.scheme.ties, tracks={total.entry: "" for total in totals})

    return found | {
        "queries": asked,
        "floor_s": floor_s,
        "times_floor": round(found["median_s"] / floor_s, 2),
        "unchanged_s": median(work)["median_s"],
        "arithmetic_s": median(arithmetic)["median_s"],
    }


def refresh(entries: int, evaluators: int, criteria: int) -> dict:
    """After one submitted sheet that moves its entry up or down. `full_s`: the same computed whole; `of_full`: the one over the
    other."""
    judged = judged_field(entries, evaluators, criteria).round
    refresh_standings(judged, at=timezone.now(), whole=True)
    sheet = Sheet.objects.filter(state="submitted").first()
    values = cycle((6000, 9000))

    def change():
        with transaction.atomic():
            sheet.marks.update(value=next(values))
            count_change(judged, sheet)

    def one():
        refresh_standings(judged, at=timezone.now())

    def full():
        refresh_standings(judged, at=timezone.now(), whole=True)

    found = median(one, before=change)
    change()
    asked = queries(one)
    whole = median(full, before=lambda: Result.objects.filter(round=judged).delete())
    return found | {"queries": asked, "full_s": whole["median_s"], "of_full": round(found["median_s"] / whole["median_s"], 3)}


def leaderboard(entries: int, evaluators: int, criteria: int) -> dict:
    """A page of 100 of the fixed standings: the right to see it, the record of the reading, the rows with what is shown of them.
    `page_queries`, `page_s`: the whole page over HTTP, with session, menu and checks."""
    field = judged_field(entries, evaluators, criteria)
    with transaction.atomic():
        record_standings(field.round, actor=None, at=timezone.now())
    Round.objects.filter(pk=field.round.pk).update(state="closed")

    def work():
        person = type(field.organiser).objects.get(pk=field.organiser.pk)
        round = Round.objects.select_related("competition").get(pk=field.round.pk)
        standings = read_standings(round, viewer=person, at=timezone.now())
        page = Paginator(ranking.rows_of(standings), PAGE).get_page(1)
        return [(row.rank, str(row.entry.application.cluster), row.total) for row in page]

    client = Client()
    client.force_login(colleague(field.round), backend=BACKEND)
    address = reverse("evaluations:standings", args=[field.round.competition_id, field.round.pk])

    def page():
        response = client.get(address, follow=False)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")

    with override_settings(SECOND_FACTOR_REQUIRED=True):
        page()  # the first one loads templates
        asked, taken = queries(page), median(page)["median_s"]
    return median(work) | {"queries": queries(work), "page_queries": asked, "page_s": taken}


def sheet(entries: int, evaluators: int, criteria: int) -> dict:
    """Saving all marks of one sheet; `submit_queries`: submitting it. `saves_per_s`, `p50_s`, `p99_s`: eight evaluators (fewer where
    there are fewer) save at once through two web processes; `lost`: saves that were answered and are not there."""
    field = judged_field(entries, evaluators, criteria)
    codes = [criterion.code for criterion in criteria_of(field.draft.rubric)]
    version = 0

    def work():
        nonlocal version
        marks = {code: str((version * 7 + place) % 101) for place, code in enumerate(codes)}
        found = Sheet.objects.select_related("assignment__entry__round").get(pk=field.draft.pk)
        version = save_sheet(found, marks=marks, comment="", version=version, actor=field.person, at=timezone.now())

    found = median(work, runs=25)
    asked = queries(work)
    ready = Sheet.objects.select_related("assignment__entry__round").get(pk=field.draft.pk)
    submitting = queries(lambda: submit_sheet(ready, actor=field.person, at=timezone.now()))
    return found | {"queries": asked, "submit_queries": submitting} | _at_once(field, codes)


def _at_once(field, codes) -> dict:
    sheets = list(
        Sheet.objects.filter(assignment__entry__round=field.round, assignment__entry=field.draft.assignment.entry)
        .exclude(pk=field.draft.pk)
        .select_related("assignment__evaluator__user")[:CLIENTS]
    )
    Sheet.objects.filter(pk__in=[row.pk for row in sheets]).update(state="draft")
    answered = [0] * len(sheets)

    def save(place, browser, row):
        address = reverse("evaluations:sheet_save", args=[field.round.competition_id, row.pk])
        for turn in range(SAVES):
            marks = {code: str((turn * 7 + at) % 101) for at, code in enumerate(codes)}
            status, body = browser.send_json(address, {"marks": marks, "comment": "", "version": turn, "key": f"{row.pk}-{turn}"})
            if status != 200 or body["version"] != turn + 1:
                raise RuntimeError(f"{address} answered {status}: {body}")
            answered[place] += 1

    with web_processes() as port, ThreadPoolExecutor(len(sheets) or 1) as pool:
        browsers = [Browser(port, row.assignment.evaluator.user) for row in sheets]
        for browser in browsers:
            browser.ask("GET", reverse("evaluations:my_sheets"))  # the first page of a process loads templates
            browser.seconds.clear()
        since = time.perf_counter()
        list(pool.map(save, range(len(sheets)), browsers, sheets))
        wall = time.perf_counter() - since
    seconds = [second for browser in browsers for second in browser.seconds]
    there = sum(Sheet.objects.filter(pk__in=[row.pk for row in sheets]).values_list("edit_version", flat=True))
    if not seconds:
        return {}
    return {"clients": len(sheets), "saves_per_s": round(len(seconds) / wall, 1), **spread(seconds), "lost": sum(answered) - there}


BENCHES = {"aggregate": aggregate, "refresh": refresh, "leaderboard": leaderboard, "sheet": sheet}
