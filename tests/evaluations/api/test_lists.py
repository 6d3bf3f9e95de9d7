"""A full page of each list costs no more than ten queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.domain.standing import StandingRow
from competition.models import Award, Competition
from competition.services.standings import record_snapshot
from jobs.models import Job
from tests.accounts.test_tokens import ask, key
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_competition, make_entry, make_round
from tests.factories.evaluations import make_assignment, make_evaluator, make_rubric, make_sheet
from tests.factories.serial import serial

FULL = 101


@pytest.mark.django_db
def test_a_full_page_of_each_list_costs_ten_queries_at_the_most(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    round = make_round(make_competition(state="published"), state="closed")
    organiser, person = make_user("Organiser"), make_user("Evaluator")
    give(organiser, "organiser", "*")
    give(organiser, "operator", "*")
    give(person, "evaluator", f"competition:{round.competition_id}")
    evaluator = make_evaluator(person)
    make_rubric(round, {"A1": 100})
    author = make_user()
    entries = [make_entry(round, author) for _ in range(FULL)]
    for entry in entries:
        make_sheet(make_assignment(entry, evaluator), {"A1": 8100})
    rows = [
        StandingRow(entry=entry.pk, rank=rank, track_rank=rank, total="81.00", exact="81/1", criteria={"A1": "81.00"})
        for rank, entry in enumerate(entries, 1)
    ]
    record_snapshot(round, rows=rows, scores_version=1, input_digest="0" * 64, scheme_digest="0" * 64, method={}, actor=None, at=NOW)
    facts = {"title": "cluster", "valid_from": NOW.date(), "given_at": NOW}
    Award.objects.bulk_create(
        Award(entry=entry, holder_zh="集群", number=f"N-{serial()}", verify_code=serial(), **facts) for entry in entries
    )
    Competition.objects.bulk_create(
        Competition(code=f"race-{serial()}", name_zh="赛", name_en="Race", year=2026, level="nation", state="published", created_at=NOW)
        for _ in range(FULL)
    )
    for competition in Competition.objects.exclude(pk=round.competition_id):
        make_round(competition)
    Job.objects.bulk_create(
        Job(kind="mail.send", subject=f"letter:{n}", queue="mail", max_attempts=5, created_at=NOW, run_after=NOW) for n in range(FULL)
    )
    lists = {
        organiser: ("competitions", "rounds", "clusters", "applications", "entries", "awards", "jobs"),
        person: ("assignments", "sheets"),
    }
    asked = {reverse(f"api_{name}"): key(who)[1] for who, names in lists.items() for name in names}
    asked[reverse("api_standings", args=[round.pk])] = key(organiser)[1]
    costs = {}
    for address, text in asked.items():
        ask(text)  # the first use of a key is noted
        with CaptureQueriesContext(connection) as queries:
            answer = ask(text, address)
        assert (answer.status_code, len(answer.json()["results"]), answer.json()["next"] is None) == (200, 100, False), address
        costs[address] = sum("SAVEPOINT" not in query["sql"] for query in queries.captured_queries)
    assert {address: cost for address, cost in costs.items() if cost > 10} == {}
