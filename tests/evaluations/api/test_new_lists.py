"""A list that staff ask for costs as much for one row as for three, and ten queries at the most."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Condition, Nomination, Notice, Quota, Recommendation
from competition.services.decisions import propose
from competition.services.publicity import record_objection
from evaluations.services.findings import record_finding
from tests.accounts.test_tokens import ask, key
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_competition
from tests.factories.evaluations import add_unweighted
from tests.factories.judging import Judged
from tests.factories.standings import make_closed_round

REGIONS = ("320000", "330000", "440000")
TOTALS = ("91.20", "88.45", "80.10")


def closed_rounds(organiser, n):
    """A competition with as many quotas, recommendations, nominations, proposals with as many rows, notices and objections."""
    competition = make_competition(state="published", recommendation=True)
    found = {
        name: f"?competition={competition.pk}"
        for name in ("quotas", "recommendations", "nominations", "proposals", "notices", "conditions")
    }
    for place in range(n):
        quota = Quota.objects.create(competition=competition, region_id=REGIONS[place], places=3)
        round, entries = make_closed_round(TOTALS[:n], competition=competition)
        proposal = propose(round, actor=organiser, at=NOW)
        proposal.released_at = NOW
        proposal.save()
        notice = Notice.objects.create(proposal=proposal, number=f"N-{competition.pk}-{place}", starts_on=NOW, ends_on=NOW)
        application, revision = entries[0].application, entries[0].revision
        revision = revision or application.revisions.first()
        Recommendation.objects.create(application=application, quota=quota, state="recommended", preference=1, revision=revision)
        Nomination.objects.create(
            application=application, entry=entries[0], revision=revision, digest="d" * 64, nominated_by=organiser, nominated_at=NOW
        )
    for entry in entries:
        said = {"objector_kind": "person", "objector": "王某", "contact": "139", "text": "数据有误。", "received_at": NOW}
        Condition.objects.create(entry=entry, text_zh="产值达标。", due_on=NOW)
        record_objection(notice, entry=entry, **said, actor=organiser, at=NOW)
    return found | {"objections": f"?notice={notice.pk}", ("proposal_rows", proposal.pk): ""}


def judged_round(organiser, n):
    judged = Judged({f"X{place}": [(80, 90)] * n for place in range(n)})
    [check] = add_unweighted(judged.round, {"V1": ("veto", "organiser")}).values()
    found = {(name, judged.round.pk): "" for name in ("unchecked", "findings")}
    found[("seats", judged.round.pk)] = f"?evaluator={judged.evaluators[0].pk}"
    return judged, check, found | {("evaluators", judged.round.competition_id): ""}


def cost(text, name, query) -> tuple[int, int]:
    name, *arguments = name if isinstance(name, tuple) else (name,)
    with CaptureQueriesContext(connection) as queries:
        answer = ask(text, reverse(f"api_{name}", args=arguments) + query)
    assert answer.status_code == 200, (name, answer.content)
    return answer.json()["count"], sum("SAVEPOINT" not in row["sql"] for row in queries.captured_queries)


@pytest.mark.django_db
def test_one_row_costs_as_much_as_three(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    organiser = make_user()
    give(organiser, "organiser", "*")
    _, text = key(organiser)
    ask(text)  # the first use is noted
    costs = {}
    for n in (1, 3):
        judged, check, asked = judged_round(organiser, n)
        for name, query in closed_rounds(organiser, n).items():
            costs.setdefault(name if isinstance(name, str) else name[0], []).append(cost(text, name, query))
        findings = next(name for name in asked if name[0] == "findings")
        for name, query in asked.items():
            if name != findings:
                costs.setdefault(name[0], []).append(cost(text, name, query))
        for entry in judged.entries.values():
            record_finding(entry, criterion=check, value="1", reason="", actor=organiser, at=NOW)
        costs.setdefault("findings", []).append(cost(text, findings, ""))
    assert {name: [count for count, _queries in rows] for name, rows in costs.items()} == dict.fromkeys(costs, [1, 3])
    assert {name: rows for name, rows in costs.items() if rows[0][1] != rows[1][1] or rows[0][1] > 10} == {}
    assert len(costs) == 12
