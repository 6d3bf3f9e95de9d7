"""The appendix of the award report: analysis as it was on file when the report was issued, or said that it was not."""

from datetime import timedelta

import pytest

from competition.services.decisions import propose
from competition.services.documents import issue
from competition.services.rounds import close_round
from evaluations.models import Analysis
from jobs.services import run_queued
from ledger.domain import canonical
from tests.factories.competition import NOW
from tests.factories.judging import Judged

pytestmark = pytest.mark.django_db


def report(proposal, at=NOW):
    return issue("award_report", str(proposal.pk), language="en", actor=None, at=at).context["appendix"]


def test_the_report_says_that_the_analysis_was_not_there_and_the_next_edition_has_it():
    judged = Judged()
    round = close_round(judged.round, actor=judged.organiser, at=NOW)
    proposal = propose(round, actor=judged.organiser, at=NOW)
    before = report(proposal)
    assert (before["computed"], sorted(before)) == (False, ["balance", "computed"])
    run_queued(["analysis.compute"])
    after = report(proposal, NOW + timedelta(hours=1))
    assert after["computed"] is True
    assert [(case["rank"], case["total"], case["margin"], case["removals"]) for case in after["cases"]] == [
        (1, "82.30", "+0.10", 1),
        (2, "82.20", "−0.10", 1),
    ]
    (one,) = after["lists"]
    assert (one["lanes"]["cut"], one["lanes"]["reserve"], len(one["lanes"]["rows"])) == (1, 1, 3)
    assert one["words"] == "Of 4 evaluators, taking any one out changes who is inside the line in 1 case."
    assert [row["value"] != "—" for row in after["agreement"]] == [True] * 4
    assert after["digest"] == Analysis.objects.get(kind="robustness").result_digest
    assert sum(row["inside"] for row in after["balance"]["rows"]) == 1
    assert canonical.plain(after) == after
