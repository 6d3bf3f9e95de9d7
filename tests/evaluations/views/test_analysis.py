"""What stands beside the standings, and the page of the analysis: as secret as the standings, recorded, by code until publication."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Conflict, Round
from competition.services.rounds import close_round
from evaluations.models import Analysis
from jobs.models import Job
from jobs.services import run_queued
from ledger.models import Record
from ledger.reasons import say
from tests.cast import sign_in
from tests.factories.competition import NOW
from tests.factories.judging import TABLE, Judged

pytestmark = pytest.mark.django_db


def address(name, judged):
    return reverse(f"evaluations:{name}", args=[judged.round.competition_id, judged.round.pk])


def analysed(table=None):
    judged = Judged(table)
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    run_queued(["analysis.compute"])
    return judged


def test_standings_show_intervals_chances_and_the_panels_of_the_rail():
    judged = analysed()
    page = sign_in(judged.organiser).get(address("standings", judged))
    text = page.content.decode()
    assert [(row.place, row.total, row.outcome) for row in page.context["rows"]] == [
        (1, "82.30", "advance"),
        (2, "82.20", "reserve"),
        (3, "79.30", "eliminated"),
    ]
    group = Analysis.objects.get(kind="robustness").result["groups"][0]["rows"]
    assert [row.p for row in page.context["rows"]] == [group[str(judged.entries[name].pk)]["p"] for name in "XYZ"]
    assert [row.removals for row in page.context["rows"]] == [1, 1, 0]
    assert [case["rank"] for case in page.context["margin_cases"]] == [1, 2]
    assert text.count('class="l-range"') == 3 + 1  # the legend too
    assert page.context["drawn"].seed in text
    assert page.context["gap_error"] == pytest.approx(0.238, abs=0.001)
    assert (page.context["regions"]["gini_entries"], page.context["agreed"]["entries"]) == (page.context["regions"]["gini_winners"], 3)


def test_without_an_analysis_the_standings_say_so_and_offer_it():
    judged = Judged()
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    client = sign_in(judged.organiser)
    page = client.get(address("standings", judged))
    assert (page.context["analysis"].complete, page.context["analysis"].running) == (False, True)
    assert f"job-{Job.objects.get(kind='analysis.compute').pk}" in page.content.decode()
    run_queued(["analysis.compute"])
    assert client.post(address("analysis_ask", judged)).status_code == 302
    assert Job.objects.filter(kind="analysis.compute", state="queued").get().params == {"again": True}
    assert sign_in(judged.decider).post(address("analysis_ask", judged)).status_code == 403


def test_the_page_has_each_chart_with_its_table_and_the_reading_is_recorded():
    judged = analysed()
    page = sign_in(judged.supervisor).get(address("standings_analysis", judged))
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('<svg class="tiles"') == 1
    assert [line["value"] is not None for line in page.context["agreement"]["lines"]] == [True] * 5
    assert [judge.scores for judge in page.context["judges"]] == [3, 3, 3, 3]
    assert all(judge.code in text and judge.user.display_name() not in text for judge in judged.evaluators)
    assert Record.objects.get(action="standings.read").after == {"number": 1, "part": "analysis"}
    Round.objects.filter(pk=judged.round.pk).update(state="released")
    released = sign_in(judged.supervisor).get(address("standings_analysis", judged)).content.decode()
    assert all(judge.user.display_name() in released for judge in judged.evaluators)


def test_a_reason_that_several_figures_share_is_said_once():
    judged = analysed(TABLE | {"Z": TABLE["Z"][:3]})
    page = sign_in(judged.supervisor).get(address("standings_analysis", judged))
    lines = page.context["agreement"]["lines"]
    assert [line["label"].count("(2,") for line in lines] == [2, 0, 0]
    assert [line["reason"] and line["reason"].code for line in lines] == ["evaluations.analysis_holes", None, None]
    assert page.content.decode().count(say(lines[0]["reason"])) == 1


def test_nothing_before_closing_and_nothing_for_the_conflicted():
    judged = Judged()
    sealed = sign_in(judged.organiser).get(address("standings_analysis", judged))
    assert (sealed.status_code, sealed.context["reason"].code) == (403, "competition.scores_sealed")
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    run_queued(["analysis.compute"])
    bond = {"kind": "other", "note": "亲属任职。", "declared_by": judged.organiser, "declared_at": NOW}
    Conflict.objects.create(user=judged.decider, cluster=judged.entries["Z"].application.cluster, **bond)
    for name in ("standings", "standings_analysis"):
        page = sign_in(judged.decider).get(address(name, judged))
        assert (page.status_code, page.context["reason"].code) == (403, "competition.scores_conflict")
        assert "82.30" not in page.content.decode()
        assert "analysis" not in page.context
    assert not Record.objects.filter(action="standings.read").exists()


@pytest.mark.parametrize("name", ["standings", "standings_analysis"])
def test_a_page_asks_as_often_for_six_as_for_three(name):
    """From three on there are margin cases and outliers, so that each part is asked for."""
    more = {
        "U": [(81, 84), (77, 80), (80, 79), (84, 78)],
        "V": [(66, 90), (70, 88), (65, 91), (73, 84)],
        "W": [(60, 61), (58, 62), (63, 59), (78, 77)],
    }
    counts = []
    for table in (TABLE, TABLE | more):
        judged = analysed(table)
        client = sign_in(judged.organiser)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(name, judged)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
